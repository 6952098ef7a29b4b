#!/bin/bash -e
cd $(dirname $0)/../api
export DJANGO_SUPERUSER_USERNAME=root DJANGO_SUPERUSER_PASSWORD='pl4in-text'
MANAGE="python -W ignore manage.py"
$MANAGE wait_for_db --timeout 60
$MANAGE migrate_schemas --shared
$MANAGE create_public_tenant --domain localhost --owner boss@example.org
$MANAGE create_tenant --schema_name=acme --name="Acme Ltd" --domain-domain=acme.localhost --domain-is_primary=True --noinput
$MANAGE create_tenant_superuser --schema=acme --username=root --noinput
$MANAGE tenant_command loaddata products.json --schema=acme
$MANAGE all_tenants_command rebuild_search
$MANAGE reset_db --noinput
$MANAGE makemigrations
$MANAGE migrate shop 0004
