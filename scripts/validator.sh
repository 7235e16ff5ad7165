#!/usr/bin/env bash
# The Nu Html Checker of the W3C, which says whether a page is valid HTML; it runs on Java.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

version=26.9.27
# Of its own: npm takes away what it is not asked for.
folder=var/vnu
jar=$folder/node_modules/vnu-jar/build/dist/vnu.jar
sha256=22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47

is_right() { [ "$(sha256sum "$jar" 2>/dev/null | cut -d' ' -f1)" = "$sha256" ]; }

command -v java >/dev/null ||
    need_packages "Java (it runs the HTML checker)" "default-jre-headless" "java-latest-openjdk-headless" "openjdk"
is_right && exit 0
command -v npm >/dev/null || need_packages "npm (it fetches the HTML checker)" "npm" "npm" "node"
echo "  fetching the HTML checker $version with npm"
mkdir -p "$folder"
npm install --silent --no-fund --no-audit --ignore-scripts --no-save --no-package-lock \
    --prefix "$folder" "vnu-jar@$version" </dev/null >/dev/null
is_right || die "$jar is not the checker $version we know (or could not be fetched)."
