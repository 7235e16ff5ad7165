# Shared by the scripts here; source it.

die() { printf '\n%s\n' "$*" >&2; exit 1; }

# Installs Debian packages, when we are root on Debian or Ubuntu; otherwise says what to do.
#   need_packages "what for" "debian packages" "fedora packages" "brew packages"
need_packages() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "  $1: missing; installing with apt-get: $2"
        apt-get update -qq || echo "  apt-get update failed; trying with what it knows" >&2
        # shellcheck disable=SC2086 # a list of packages
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $2 \
            </dev/null >/dev/null || die "apt-get could not install: $2"
        return
    fi
    die "$1: missing. Install it, then run make again:
  Debian, Ubuntu:  sudo apt-get install $2
  Fedora:          sudo dnf install $3
  macOS:           brew install $4"
}
