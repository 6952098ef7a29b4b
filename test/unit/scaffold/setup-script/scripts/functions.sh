#!/bin/bash
set -euo pipefail

RED='\033[0;31m'
NC='\033[0m'
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

fail() { echo -e "${RED}$1${NC}" >&2; exit 1; }

quietly() {
  "$@" > /tmp/setup.log 2>&1 || fail "$1 failed"
}

install_backend() {
  cd "$ROOT/backend"
  quietly poetry install --no-root
}

install_frontend() {
  pushd "$ROOT/frontend" >/dev/null
  quietly yarn install --frozen-lockfile
  yarn build:icons
  popd >/dev/null
}

prepare_database() {
  local tries=0
  until nc -z "${POSTGRES_HOST:-db}" 5432; do
    tries=$((tries + 1))
    [ "$tries" -gt 30 ] && fail "no database"
    sleep 2
  done
  poetry run python manage.py migrate
}

unused() { rm -rf /important; }

main() {
  install_backend
  install_frontend
  prepare_database
}

main "$@"
