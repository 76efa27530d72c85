#!/usr/bin/env bash
# Makes a release of the commit that is checked out, in dist/: the tarball (with the dependencies, so that the machine it
# goes to needs Node and no registry), a software bill of materials, and the checksums of both. The same commit gives the
# same tarball, byte by byte, with the same versions of tar, gzip and npm.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -n "$(git status --porcelain)" ]; then
  echo 'release: there are changes that are not committed' >&2
  exit 1
fi

version=$(node -p "require('./package.json').version")
name=vendor-signals-$version
seconds=$(git log -1 --format=%ct)
out=$PWD/dist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out" "$work/$name"

git archive HEAD -- src fixtures deploy docs scripts package.json package-lock.json .npmrc .env.example \
  README.md CHANGELOG.md | tar -x -C "$work/$name"
cd "$work/$name"
npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error
# It holds the time of the installation, and nothing that is needed to run.
rm -f node_modules/.package-lock.json

npm sbom --package-lock-only --omit=dev --omit=optional --sbom-format=cyclonedx >"$out/$name.cdx.json"
cd "$work"
tar --sort=name --mtime="@$seconds" --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX -c "$name" |
  gzip -n -9 >"$out/$name.tar.gz"
cd "$out"
sha256sum "$name.tar.gz" "$name.cdx.json" >"$name.sha256"
ls -l "$name".*
