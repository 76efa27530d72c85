#!/usr/bin/env bash
# scripts/release.sh [FOLDER]
# Makes a release of the commit that is checked out, in dist/ or in FOLDER: the tarball (with the dependencies, so that the
# machine it goes to needs Node and no registry), a software bill of materials, and the checksums of both. The same commit
# gives the same tarball, byte by byte, with the same versions of tar, gzip and npm.
set -euo pipefail
out=$(realpath -m "${1:-$(dirname "$0")/../dist}")
cd "$(dirname "$0")/.."

if [ -n "$(git status --porcelain)" ]; then
  echo 'release: there are changes that are not committed' >&2
  exit 1
fi

version=$(node -p "require('./package.json').version")
name=vendor-signals-$version
seconds=$(git log -1 --format=%ct)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out" "$work/$name"

git archive HEAD -- bin src fixtures deploy docs package.json package-lock.json .npmrc .env.example \
  README.md CHANGELOG.md CONTRIBUTING.md bench/RESULTS.md | tar -x -C "$work/$name"
cd "$work/$name"
npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error

# `npm sbom --omit=dev` leaves out what a development dependency needs as well (zod, pg-protocol), so it is asked about a
# package that has none, and what it says is compared with what is installed.
cp package.json ../package.json
npm pkg delete devDependencies optionalDependencies
npm sbom --sbom-format=cyclonedx >"$out/$name.cdx.json"
mv ../package.json package.json
find node_modules -name package.json -path '*node_modules/*' |
  grep -E 'node_modules/(@[^/]+/)?[^/]+/package.json$' | sed -E 's#.*node_modules/(.+)/package.json#\1#' | sort -u >../installed
node -p "require('$out/$name.cdx.json').components.map((c) => c.name).join('\n')" | sort -u >../listed
diff ../installed ../listed || { echo 'release: the bill of materials is not what is installed' >&2; exit 1; }

# It holds the time of the installation, and nothing that is needed to run.
rm -f node_modules/.package-lock.json
cd "$work"
tar --sort=name --mtime="@$seconds" --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX -c "$name" |
  gzip -n -9 >"$out/$name.tar.gz"
cd "$out"
sha256sum "$name.tar.gz" "$name.cdx.json" >"$name.sha256"
ls -l "$name".*
