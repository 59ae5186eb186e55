#!/bin/sh
# Installs what building, running and testing need on Debian 12, and points git at our hooks.
# Says nothing and changes nothing when all of it is there.
set -eu
cd "$(dirname "$0")/.."

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# A Node.js from elsewhere (18 or newer, with npm) is as good as Debian's.
wanted=$(sed 's/#.*//' tools/packages.txt | tr -s ' \t' '\n' | sed '/^$/d')
if command -v node >/dev/null && command -v npm >/dev/null; then
    wanted=$(printf '%s\n' "$wanted" | grep -vxE 'nodejs|npm')
fi

# shellcheck disable=SC2086  # one word a package
present=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null |
    sed -n 's/ installed$//p' || true)
missing=$(printf '%s\n%s\n' "$wanted" "$present" "$present" | sort | uniq -u)
missing=$(printf '%s\n' "$missing" | tr '\n' ' ')
if [ -n "${missing% }" ]; then
    echo "installing: $missing"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 \
        install --no-install-recommends $missing >/dev/null
fi

node_major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
if [ "$node_major" -lt 18 ]; then
    echo "Node.js 18 or newer is needed; $(command -v node) is $(node --version)" >&2
    exit 1
fi

tools/npm.sh web/docs
tools/npm.sh tests/npm

if git rev-parse --git-dir >/dev/null 2>&1 && [ "$(git config core.hooksPath || true)" != .githooks ]; then
    git config core.hooksPath .githooks
fi
