#!/usr/bin/env bash
# Stand-ins, made from Debian's packages, for the images that the template names, under their own names: for a machine that reaches no
# image registry. An image that is there already is left alone. Prints the name of each.
#
#   build.sh <python image> <node image> <postgres image>
#
# The versions are those of Debian and of this machine's Node; the names say what the template asked for.
set -euo pipefail
cd "$(dirname "$0")"

python_image=$1
node_image=$2
postgres_image=$3
debian=devsetup-test/debian:bookworm

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

# The machine's own mirror, if it has one; lines of comments name others.
mirror() {
  local files=(/etc/apt/sources.list.d/debian.sources /etc/apt/sources.list) found
  found=$(cat "${files[@]}" 2>/dev/null | grep -v '^ *#' | grep -oE 'https?://[^ ]+' | head -n 1) || true
  echo "${found:-http://deb.debian.org/debian}"
}

# The file DEVSETUP_DEBIAN keeps it for another engine.
build_debian() {
  local packages=ca-certificates,curl,git,procps,sudo,locales,openssh-client
  packages+=,python3,python3-venv,python3-pip,postgresql,postgresql-client,zsh
  local tree kept=${DEVSETUP_DEBIAN:-$context/debian.tar}
  if [ ! -s "$kept" ]; then
    tree=$(as_root mktemp -d /var/tmp/devsetup-debian-XXXXXX)
    trap 'as_root rm -rf "$tree"' RETURN
    as_root debootstrap --variant=minbase --include="$packages" bookworm "$tree" "$(mirror)" >&2
    as_root rm -rf "$tree/var/cache/apt/archives" "$tree/var/lib/apt/lists"
    as_root tar -C "$tree" -c . >"$kept"
  fi
  docker import "$kept" "$debian" >/dev/null
}

# What is copied into the images: this machine's Node, and the certificates it trusts, since a proxy may stand before the registries.
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
node_home=$(node -p 'path.dirname(path.dirname(fs.realpathSync(process.execPath)))')
mkdir -p "$context/node/bin" "$context/node/lib/node_modules"
cp "$(node -p 'fs.realpathSync(process.execPath)')" "$context/node/bin/node"
cp -r "$node_home/lib/node_modules/npm" "$context/node/lib/node_modules/npm"
cp /etc/ssl/certs/ca-certificates.crt "$context/certificates.crt"
cp postgres-entrypoint.sh "$context/"

build() {
  DOCKER_BUILDKIT=0 docker build --quiet --build-arg "DEBIAN=$debian" --file "$1.Dockerfile" --tag "$2" "$context" >/dev/null
}

needs_debian=false
for image in "$python_image" "$node_image" "$postgres_image"; do has_image "$image" || needs_debian=true; done
if $needs_debian && ! has_image "$debian"; then build_debian; fi
has_image "$python_image" || build python "$python_image"
has_image "$node_image" || build node "$node_image"
has_image "$postgres_image" || build postgres "$postgres_image"
printf '%s\n' "$python_image" "$node_image" "$postgres_image"
