#!/bin/sh
# npm.sh FOLDER: installs what FOLDER's lock file names, unless that is what is there.
# Native modules are compiled here with the system's Node.js headers: no prebuilt binary is downloaded.
set -eu
cd "$(dirname "$0")/../$1"
[ -f package-lock.json ] || exit 0
if [ node_modules/.package-lock.json -nt package-lock.json ]; then exit 0; fi

headers=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
[ -f "$headers/include/node/node.h" ] || headers=/usr
echo "npm ci in $1"
npm_config_build_from_source=true npm_config_nodedir="$headers" \
    npm ci --no-audit --no-fund --no-progress --loglevel=error
touch node_modules/.package-lock.json
