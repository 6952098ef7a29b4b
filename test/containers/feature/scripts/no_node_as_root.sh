#!/bin/bash
# Node comes from a mirror, for everybody; lifecycle commands are off.
cd "$(dirname "$0")" || exit
source ./common.sh

check 'as root' test "$(id -u)" -eq 0
check 'Node is there' node --version
check 'npm too' npm --version
check 'it runs devsetup' prints /usr/local/bin/node readlink "$home/node-program"
mkdir -p backend && touch backend/manage.py
check 'the lifecycle commands do nothing' prints '' "$home/lifecycle" post-create
reportResults
