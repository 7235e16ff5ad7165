#!/usr/bin/env bash
# What the browser tests need besides Python: Chromium, and axe-core for accessibility;
# `browser.sh firefox` also gets Firefox ESR, `browser.sh lighthouse` Lighthouse.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

axe_version=4.14.1
axe_file=var/npm/node_modules/axe-core/axe.min.js
axe_sha256=29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c

command -v chromium >/dev/null || need_packages "Chromium" "chromium" "chromium" "--cask chromium"
command -v chromium >/dev/null || die "Chromium was installed but is not found as 'chromium'."

has_firefox() { command -v firefox-esr >/dev/null || command -v firefox >/dev/null; }

if [ "${1:-}" = firefox ] && ! has_firefox; then
    need_packages "Firefox" "firefox-esr" "firefox" "--cask firefox"
    has_firefox || die "Firefox was installed but is found as neither 'firefox-esr' nor 'firefox'."
fi

axe_is_right() { [ "$(sha256sum "$axe_file" 2>/dev/null | cut -d' ' -f1)" = "$axe_sha256" ]; }

# The newest Lighthouse that runs on Node 18 and 20.
lighthouse_version=12.8.2
lighthouse_file=var/npm/node_modules/lighthouse/package.json

lighthouse_is_there() { grep -qs "\"version\": \"$lighthouse_version\"" "$lighthouse_file"; }

if [ "${1:-}" = lighthouse ] && ! lighthouse_is_there; then
    command -v npm >/dev/null || need_packages "npm (it fetches Lighthouse)" "npm" "npm" "node"
    echo "  fetching Lighthouse $lighthouse_version and axe-core $axe_version with npm"
    mkdir -p var/npm
    # Together: npm takes away what it is not asked for.
    npm install --silent --no-fund --no-audit --ignore-scripts --no-save --no-package-lock \
        --prefix var/npm "axe-core@$axe_version" "lighthouse@$lighthouse_version" </dev/null >/dev/null
    lighthouse_is_there || die "Lighthouse $lighthouse_version could not be fetched."
fi

axe_is_right && exit 0
command -v npm >/dev/null || need_packages "npm (it fetches axe-core $axe_version)" "npm" "npm" "node"
echo "  fetching axe-core $axe_version with npm"
mkdir -p var/npm
npm install --silent --no-fund --no-audit --ignore-scripts --no-save --no-package-lock \
    --prefix var/npm "axe-core@$axe_version" </dev/null >/dev/null
axe_is_right || die "$axe_file is not the axe-core $axe_version we know (or could not be fetched)."
