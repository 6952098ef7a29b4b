#!/usr/bin/env bash
log() { printf '[%s] %s\n' "$(date +%T)" "$*"; }
output=$(python manage.py migrate --noinput 2>&1)
if [ $? -ne 0 ]; then log "$output"; fi
count=$(psql "$DATABASE_URL" -tAc "SELECT count(*) FROM shop_product")
[ "$count" = "0" ] && python manage.py populate_products --count 50
yes | python manage.py sync_roles
echo "from django.contrib.auth import get_user_model; get_user_model().objects.create_superuser('x','x@y.z','pa55-of-x')" | python manage.py shell
python manage.py shell -c "
from shop.jobs import warm
warm()
"
timeout 60 bash -c 'until echo > /dev/tcp/db/5432; do sleep 1; done' 2>/dev/null
PYTHON=$(command -v python3 || command -v python)
"$PYTHON" scripts/load_prices.py --password hunter2x --file prices.csv
"$PYTHON" scripts/load_rates.py rates.csv
$UNKNOWN_TOOL --do-it
