#!/bin/sh
# Installs devsetup, a Node for it where there is none, the lifecycle commands and the shell hook, for all users. Runs as root while the
# image is built; a second time it puts everything there anew. Needs nothing but a POSIX shell.
set -eu
umask 022
cd "$(dirname "$0")"
. ./node.sh

version=${VERSION:-latest}
package=${PACKAGE:-}
setup=${SETUP:-true}
home=/usr/local/share/devsetup
image_path=$PATH

say() { printf 'devsetup: %s\n' "$1"; }
fail() {
  printf 'devsetup: %s\n  What to do: %s\n' "$1" "$2" >&2
  exit 1
}

# What npm is to install.
package_spec() {
  if [ -n "$package" ]; then
    case $package in
      *://* | /*) ;;
      *) package=$PWD/$package ;;
    esac
    case $package in
      *://*) ;;
      *) [ -f "$package" ] || fail "There is no file $package in the image (option package)." \
        'Name a file that the Dockerfile copies there, or an https:// address; or put devsetup.tgz beside install.sh.' ;;
    esac
    echo "$package"
  elif [ -f devsetup.tgz ]; then
    echo "$PWD/devsetup.tgz"
  else
    echo "django-devsetup@$version"
  fi
}

install_package() {
  spec=$(package_spec)
  say "installing $spec"
  # Nothing of it has to run in order to be installed: not as root, then.
  npm install --global --prefix "$home/package" --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel error \
    --cache "$temporary/npm" "$spec" || fail "npm could not install $spec." \
    'What npm says above is the cause. Its dependencies come from the npm registry in any case; the option package takes a tarball.'
  installed=$home/package/lib/node_modules/django-devsetup
  [ -f "$installed/dist/cli.js" ] || fail "$spec is not the package django-devsetup." 'Correct the option package or version.'
}

# By these names on every PATH; and where npx looks for a project that has none of its own, before it asks the registry.
install_programs() {
  for program in devsetup lifecycle; do
    cp "$program.sh" "$home/$program"
    chmod 755 "$home/$program"
  done
  mkdir -p /usr/local/bin
  for name in devsetup django-devsetup; do ln -sf "$home/devsetup" "/usr/local/bin/$name"; done
  global=$(PATH=$image_path npm prefix --global 2> /dev/null || echo /usr/local)/bin
  if [ -d "$global" ]; then for name in devsetup django-devsetup; do ln -sf "$home/devsetup" "$global/$name"; done; fi
  rm -f "$home/no-setup"
  [ "$setup" != false ] || : > "$home/no-setup"
}

# Adds the text to the file, unless an earlier run did.
append_once() {
  grep -qsF "$home/shell-hook" "$1" || printf '\n# A new terminal says when the last setup failed or is running.\n%s\n' "$2" >> "$1"
}

install_shell_hook() {
  hook=$home/shell-hook
  mkdir -p "$hook" /etc/profile.d /etc/fish/conf.d
  cp "$installed"/templates/shell-hook/notice.* "$hook/"
  bash_line="if [ -r $hook/notice.bash ]; then . $hook/notice.bash; fi"
  # Debian and Ubuntu, Alpine, others.
  for file in /etc/bash.bashrc /etc/bash/bashrc /etc/bashrc; do
    if [ -f "$file" ]; then append_once "$file" "$bash_line"; fi
  done
  # Login shells, of which some read nothing else. It speaks up once a terminal.
  printf '%s\n' "if [ -n \"\${BASH_VERSION-}\" ]; then $bash_line; fi" > /etc/profile.d/devsetup.sh
  # Not where zsh is not installed: its package would stop and ask about the file.
  if [ -d /etc/zsh ]; then
    append_once /etc/zsh/zshrc "if [[ -r $hook/notice.zsh ]]; then source $hook/notice.zsh; fi"
  elif [ -f /etc/zshrc ]; then
    append_once /etc/zshrc "if [[ -r $hook/notice.zsh ]]; then source $hook/notice.zsh; fi"
  fi
  cp "$hook/notice.fish" /etc/fish/conf.d/devsetup.fish
}

[ "$(id -u)" -eq 0 ] || fail 'This script has to run as root.' 'Use it as a Dev Container Feature, or: sudo ./install.sh'
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
mkdir -p "$home"
ensure_node
install_package
install_programs
install_shell_hook
say "$(cd / && "$home/devsetup" --version) is installed, run by Node $("$home/node-program" --version)"
