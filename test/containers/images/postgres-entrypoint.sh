#!/usr/bin/env bash
# The first start makes the cluster and the database behind a server that listens on the socket only, as the official image does; every
# start then serves all addresses.
set -euo pipefail

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username="$user" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  pg_ctl -w start -o "-c listen_addresses=''"
  if [ "$database" != postgres ]; then
    psql --username "$user" --dbname postgres --set ON_ERROR_STOP=1 --set name="$database" <<<'CREATE DATABASE :"name"'
  fi
  pg_ctl -w -m fast stop
fi
exec postgres -c listen_addresses='*' "$@"
