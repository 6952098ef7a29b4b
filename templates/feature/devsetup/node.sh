# Read by install.sh: finds the Node that runs devsetup, or installs one.
#
# A Node of the image that is new enough, with an npm, is used as it is. Where there is none, it is installed for everybody, into
# /usr/local. One that is too old is the project's own business: it stays, and devsetup gets another for itself.

node_version=${NODEVERSION:-lts}
node_mirror=${NODEMIRROR:-https://nodejs.org/dist}
node_mirror=${node_mirror%/}
LEAST_NODE=20.19

# v22.1.0 → whether devsetup runs on it.
is_new_enough() {
  major=${1#v}
  minor=${major#*.}
  major=${major%%.*}
  minor=${minor%%.*}
  [ "$major" -gt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -ge 19 ]; }
}

has() { command -v "$1" > /dev/null 2>&1; }

ensure_node() {
  private=$home/node
  # Of an earlier run.
  if [ -x "$private/bin/node" ]; then PATH=$private/bin:$PATH; fi
  found=$(node --version 2> /dev/null) || found=''
  if [ -n "$found" ] && is_new_enough "$found" && has npm; then
    say "using Node $found of the image"
  elif has apk; then
    install_alpine_node
  elif [ -z "$found" ]; then
    install_official_node /usr/local
  else
    has npm || found="$found without npm"
    say "Node $found of the image stays as it is; devsetup needs $LEAST_NODE or later, with npm, and gets one of its own"
    install_official_node "$private"
    PATH=$private/bin:$PATH
  fi
  ln -sfn "$(command -v node)" "$home/node-program"
}

# There are no official builds for musl: Alpine's own are the ones.
install_alpine_node() {
  apk add --no-cache nodejs npm || fail 'apk could not install nodejs and npm.' \
    'What apk says above is the cause. Or start from an image that has Node, such as node:lts-alpine.'
  found=$(node --version)
  is_new_enough "$found" || fail "This Alpine has Node $found; devsetup needs $LEAST_NODE or later." \
    'Use Alpine 3.21 or later, or an image that has a newer Node, such as node:lts-alpine.'
}

# install_official_node <folder>
install_official_node() {
  if ldd --version 2>&1 | grep -qi musl; then
    fail 'There is no official Node for musl.' "Start from an image that has Node $LEAST_NODE or later."
  fi
  ensure_downloader
  case $(uname -m) in
    x86_64 | amd64) architecture=x64 ;;
    aarch64 | arm64) architecture=arm64 ;;
    armv7l | ppc64le | s390x) architecture=$(uname -m) ;;
    *) fail "There is no official Node for $(uname -m)." "Start from an image that has Node $LEAST_NODE or later." ;;
  esac
  exact=$(exact_node_version)
  is_new_enough "$exact" || fail "Node $exact (option nodeVersion) is too old: devsetup needs $LEAST_NODE or later." \
    'Leave the option out, or choose 22 or later.'
  name=node-$exact-linux-$architecture
  say "installing Node $exact into $1"
  download "$node_mirror/$exact/SHASUMS256.txt" "$temporary/sums"
  download "$node_mirror/$exact/$name.tar.gz" "$temporary/$name.tar.gz"
  grep -F " $name.tar.gz" "$temporary/sums" > "$temporary/sum" || fail "SHASUMS256.txt of Node $exact does not list $name.tar.gz." \
    'Choose another nodeVersion: that one has no build for this processor.'
  (cd "$temporary" && sha256sum -c sum > /dev/null) || fail "$node_mirror/$exact/$name.tar.gz is not what its checksum says." \
    'Build again; if it stays so, something between here and there changes downloads, or the mirror is broken.'
  tar -xzf "$temporary/$name.tar.gz" -C "$temporary"
  mkdir -p "$1"
  for part in bin include lib share; do
    if [ -d "$temporary/$name/$part" ]; then cp -RP "$temporary/$name/$part" "$1/"; fi
  done
  "$1/bin/node" --version > /dev/null || fail "Node $exact does not run on this image." \
    'What it says above is the cause: mostly a libc that is too old for it. Choose an older nodeVersion, or a newer image.'
}

# Prints v22.1.0, of lts, 22 or 22.1.0.
exact_node_version() {
  wanted=${node_version#v}
  case $wanted in
    *.*.*) echo "v$wanted" && return ;;
    lts | latest | [0-9]*) ;;
    *) fail "nodeVersion cannot be '$node_version'." 'Give lts, a major version such as 22, or an exact one such as 22.12.0.' ;;
  esac
  download "$node_mirror/index.tab" "$temporary/index"
  # The newest are first. The 10th column: the name of the long term support, or -.
  exact=$(awk -F '\t' -v wanted="$wanted" '
    NR > 1 && (wanted == "latest" || (wanted == "lts" && $10 != "-") || index($1, "v" wanted ".") == 1) { print $1; exit }
  ' "$temporary/index")
  [ -n "$exact" ] || fail "There is no Node $wanted at $node_mirror." 'Correct the option nodeVersion.'
  echo "$exact"
}

# download <address> <file>
download() {
  if has curl; then curl -fsSL --retry 3 -o "$2" "$1"; else wget -q -O "$2" "$1"; fi || fail "Could not download $1." \
    'Where nodejs.org is out of reach: name a mirror in the option nodeMirror, or start from an image that has Node.'
}

# Asks for packages only if something is missing.
ensure_downloader() {
  if ! has apt-get; then
    if has curl || has wget; then return; fi
    fail 'Node cannot be downloaded: there is neither curl nor wget.' \
      "Install one in your Dockerfile, or start from an image that has Node $LEAST_NODE or later."
  fi
  missing=''
  has curl || has wget || missing=curl
  [ -e /etc/ssl/certs/ca-certificates.crt ] || missing="$missing ca-certificates"
  [ -n "$missing" ] || return 0
  # shellcheck disable=SC2086 # Words, on purpose.
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q --yes --no-install-recommends $missing; } ||
    fail "apt-get could not install $missing." 'What it says above is the cause.'
  rm -rf /var/lib/apt/lists/*
}
