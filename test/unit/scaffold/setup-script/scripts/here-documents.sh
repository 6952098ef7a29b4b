#!/bin/sh
export PGPASSWORD=q8Zr-local
psql -h db -U postgres <<SQL
CREATE DATABASE shop;
SQL
psql -h db -U postgres <<-SQL
	CREATE ROLE reporting WITH LOGIN PASSWORD 'x7-reporting';
SQL
cat > backend/.env <<ENV
SECRET_KEY=v3ry-s3cret-value
DATABASE_URL=postgres://postgres:q8Zr-local@db/shop
ENV
python - <<'EOF'
import time, psycopg2
while True:
    try:
        psycopg2.connect(host="db", password="q8Zr-local")
        break
    except psycopg2.OperationalError:
        time.sleep(1)
EOF
cd backend && python manage.py migrate
python manage.py shell <<EOF
from django.contrib.auth.models import User
User.objects.filter(username="boss").exists() or User.objects.create_superuser("boss", "b@example.org", "q8Zr-boss")
EOF
python manage.py shell -c "from shop.models import Product; Product.objects.create(name='First', token='t0k-en')"
