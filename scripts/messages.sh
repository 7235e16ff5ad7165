#!/usr/bin/env bash
# The source is Dutch; locale/en holds the English, both as text and compiled.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

command -v xgettext >/dev/null || need_packages "gettext" "gettext" "gettext" "gettext"
.venv/bin/python manage.py makemessages --locale en --no-obsolete --add-location never \
    --extension html,txt,py,subject \
    --ignore '.venv' --ignore 'var' --ignore 'tests' --ignore 'staticfiles'
.venv/bin/python manage.py compilemessages --locale en
