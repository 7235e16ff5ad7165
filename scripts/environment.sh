#!/usr/bin/env bash
# Makes .venv and installs the pinned, hashed packages: environment.sh run|test|e2e
# When nothing changed since the last time it is done in a few milliseconds.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

case "${1:-}" in
    run)  sets="base embedded" ;;
    test) sets="base embedded dev" ;;
    e2e)  sets="base embedded dev e2e" ;;
    *)    die "usage: $0 run|test|e2e" ;;
esac

# A link is an environment that somebody else looks after.
[ -L .venv ] && exit 0

find_python() {
    local name
    for name in python3.11 python3.12 python3.13 python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    die "Python 3.11 or newer is needed, and was not found here$(
        python3 -V 2>/dev/null | sed 's/.*/ (python3 is &)/')."
}

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    python=$(find_python)
    echo "  making .venv with $("$python" -V)"
    rm -rf .venv
    "$python" -m venv .venv ||
        die "$python cannot make an environment. On Debian and Ubuntu: sudo apt-get install python3-venv"
fi

pins=()
arguments=(--require-hashes)
for set in $sets; do
    pins+=("requirements/$set.txt")
    arguments+=(-r "requirements/$set.txt")
done
stamp=.venv/.installed-$1
wanted=$(cat "${pins[@]}" | cksum)
[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && exit 0

if [ "$(cat .venv/.installed-uv 2>/dev/null)" != "$(cksum <requirements/uv.txt)" ]; then
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes \
        -r requirements/uv.txt
    cksum <requirements/uv.txt >.venv/.installed-uv
fi
echo "  installing packages: $sets"
# uv does not read pip's configuration, so where only pip knows the way pip does it, slower.
.venv/bin/uv pip install -q --python .venv/bin/python "${arguments[@]}" ||
    {
        echo "  uv could not; trying pip" >&2
        .venv/bin/python -m pip install -q --disable-pip-version-check "${arguments[@]}"
    }
echo "$wanted" >"$stamp"
