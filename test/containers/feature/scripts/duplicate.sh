#!/bin/bash
# Installed twice.
cd "$(dirname "$0")" || exit
source ./common.sh
reportResults
