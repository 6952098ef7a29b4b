#!/usr/bin/env bash
# Runs inside a container made from this template: what the template promises is there.
set -euo pipefail
cd "$(dirname "$0")"

check() {
  local label=$1
  shift
  if "$@" >/dev/null 2>&1; then echo "ok: $label"; else echo "failed: $label" >&2 && exit 1; fi
}

check 'not root' test "$(id -u)" -ne 0
check 'Python' python3 --version
check 'Node' node --version
check 'psql of the major version of the server' sh -c 'test "$(psql -tAc "SHOW server_version_num" | cut -c1-2)" = "$(psql --version | sed -E "s/.* ([0-9]+)\..*/\1/")"'
check 'the database is there' psql -tAc 'SELECT 1'
