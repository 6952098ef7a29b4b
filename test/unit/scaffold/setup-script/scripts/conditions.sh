#!/bin/bash
WORKSPACE=${1:-/workspaces/shop}
cd $WORKSPACE
if [ -f requirements-dev.txt ]; then
  REQ=requirements-dev.txt
else
  REQ=requirements.txt
fi
if ! uv pip install -r $REQ; then
  echo "could not install" && exit 1
fi
if [[ "$SKIP_DB" != "1" ]]; then
  if ! psql -lqt | cut -d '|' -f 1 | grep -qw shop; then
    createdb shop
  fi
  python manage.py migrate
fi
case "$APP_ENV" in
  dev) python manage.py seed_shop --size small ;;
  demo) python manage.py flush --no-input ;;
  *) echo "nothing to seed" ;;
esac
for fixture in fixtures/*.json; do
  python manage.py loaddata "$fixture"
done
for i in 1 2 3; do
  python manage.py rebuild_index && break
done
while read -r line; do echo "$line"; done < notes.txt
