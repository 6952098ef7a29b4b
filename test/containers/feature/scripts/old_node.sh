#!/bin/bash
# The project's old Node stays; devsetup has one of its own.
cd "$(dirname "$0")" || exit
source dev-container-features-test-lib
prints() { test "$("${@:2}" 2>/dev/null)" = "$1"; }

check 'not as root' test "$(id -u)" -ne 0
check 'the old Node is the one on the PATH' prints v18.20.0 node --version
check 'devsetup runs' devsetup --version
check 'by a Node of its own' test "$(/usr/local/share/devsetup/node-program --version)" != v18.20.0
reportResults
