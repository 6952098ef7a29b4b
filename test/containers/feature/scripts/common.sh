# shellcheck shell=bash
# What holds wherever the Feature was installed; read by the tests, in a terminal of the user.
source dev-container-features-test-lib

home=/usr/local/share/devsetup
state=$(mktemp -d)
export DEVSETUP_STATE_DIR=$state

in_project() { (cd "$(mktemp -d)" && "$@"); }
prints() { test "$("${@:2}" 2>/dev/null)" = "$1"; }
occurs_once() { test "$(grep -c "shell-hook/notice" "$1")" -eq 1; }

own_version_is_used() {
  mkdir -p node_modules/django-devsetup/dist deep/er
  echo 'console.log("own", process.argv.slice(2).join(" "))' > node_modules/django-devsetup/dist/cli.js
  prints 'own --if-needed' sh -c 'cd deep/er && devsetup --if-needed'
}

# As devsetup itself notes it.
terminal_tells() {
  mkdir -p "$state/devsetup"
  printf 'failed\t1\t-\t%s\tthe setup failed\tgone\n' "$PWD" > "$state/devsetup/notices"
  prints 'devsetup: the setup failed' "$@"
}

check 'devsetup runs' devsetup --version
check 'npx finds it without asking the registry' in_project prints "$(devsetup --version)" npx --no-install devsetup --version
check "the project's own version is used, from any folder of it" in_project own_version_is_used
check 'a repository without a backend opens' in_project "$home/lifecycle" post-create
check 'a new terminal says that a setup failed' in_project terminal_tells bash -ic :
check 'so does a login shell' in_project terminal_tells bash -lic :
if command -v zsh; then check 'so does one of zsh' in_project terminal_tells zsh -ic :; fi
rm "$state/devsetup/notices"
check 'a new terminal says nothing otherwise' prints '' bash -ic :
check 'it is there once' occurs_once /etc/bash.bashrc
check 'the download is gone' sh -c '! ls /tmp/tmp.*/npm /root/.npm 2>/dev/null'
