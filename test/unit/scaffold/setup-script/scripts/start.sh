#!/bin/sh
set -o errexit
./wait-for-it.sh db:5432 --timeout=30 --strict -- echo "database is up"
./wait-for-it.sh redis:6379
pipenv sync --dev
pipenv run python manage.py migrate --noinput
pipenv run python manage.py check --deploy
sh ./scripts/assets.sh
celery -A shop worker -l info &
exec pipenv run gunicorn shop.wsgi:application --bind 0.0.0.0:8000
