#!/usr/bin/env bash
set -e
cp -n .env.example .env
docker compose up -d --build
docker compose exec -T db sh -c 'until pg_isready -U postgres; do sleep 1; done'
COMPOSE="docker compose exec -T web"
$COMPOSE python manage.py migrate --fake-initial
$COMPOSE python manage.py createsuperuser --noinput || true
$COMPOSE python manage.py loaddata demo
docker-compose run --rm --entrypoint "" web python manage.py compilemessages
docker compose exec -e PGPASSWORD=abc12345 db createdb -U postgres reports
docker compose logs web
