#!/usr/bin/env bash
# Known vulnerabilities in every pinned package, by pip-audit in an environment of its own.
# A package the service says nothing of counts as a failure: skipped is not the same as safe.
# exit 0: every pin was looked up and none is known; 1: something was found or not looked up.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

tool=var/audit
if [ "$(cat "$tool/.installed" 2>/dev/null)" != "$(cksum <requirements/audit.txt)" ]; then
    echo "  installing pip-audit in $tool"
    .venv/bin/python -m venv --clear "$tool"
    "$tool/bin/python" -m pip install -q --disable-pip-version-check --require-hashes \
        -r requirements/audit.txt
    cksum <requirements/audit.txt >"$tool/.installed"
fi

answers=$(mktemp -d)
trap 'rm -rf "$answers"' EXIT
for pins in requirements/*.txt; do
    name=$(basename "$pins" .txt)
    # 1 is also what pip-audit ends with where it found something; the JSON tells which.
    "$tool/bin/pip-audit" --disable-pip --require-hashes --progress-spinner off --timeout 15 \
        --vulnerability-service "${ADVISORIES:-pypi}" --format json -r "$pins" \
        >"$answers/$name.json" 2>"$answers/$name.log" || true
done
exec "$tool/bin/python" scripts/audit.py "$answers"
