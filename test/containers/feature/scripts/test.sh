#!/bin/bash
# With the Node of the image, as the user of the image.
cd "$(dirname "$0")" || exit
source ./common.sh

check 'not as root' test "$(id -u)" -ne 0
check 'the Node of the image runs it' prints "$(command -v node)" readlink "$home/node-program"
check 'no other one was installed' test ! -e "$home/node"
reportResults
