#!/usr/bin/env bash
# PDF files need Pango, the one library that does not come as a Python package.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

has_pango() {
    .venv/bin/python - <<'PYTHON'
import ctypes, sys
ending = "{}.dylib" if sys.platform == "darwin" else "so.{}"
names = {"pango-1.0": 0, "pangoft2-1.0": 0, "harfbuzz-subset": 0}
try:
    for name, number in names.items():
        ctypes.CDLL(f"lib{name}." + ending.format(number))
except OSError:
    sys.exit(1)
PYTHON
}

has_pango && exit 0
need_packages "Pango (for PDF files)" \
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" "pango harfbuzz" "pango"
has_pango || die "Pango was installed but cannot be loaded."
