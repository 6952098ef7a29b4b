#!/bin/bash
set -e
echo "Setting up..."
pip install --upgrade pip
pip install -r requirements.txt
python manage.py migrate --noinput
python manage.py loaddata fixtures/countries.json fixtures/currencies.json
python manage.py collectstatic --noinput
echo "Done."
