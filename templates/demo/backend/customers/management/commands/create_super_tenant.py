from django.core.management.base import BaseCommand
from django_tenants.utils import get_public_schema_name

from customers.models import Domain, Library


class Command(BaseCommand):
    help = "Creates the tenant of the public schema and its domain. Run again, it changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--name", default="All libraries")
        parser.add_argument("--domain", default="localhost")
        parser.add_argument("--library", metavar="SCHEMA", help="also register a first library, with an empty schema")
        parser.add_argument(
            "--noinput", "--no-input", action="store_false", dest="interactive", help="do not ask for the domain"
        )

    def handle(self, *args, name, domain, library, interactive, **options):
        if interactive:
            domain = input(f"Domain [{domain}]: ") or domain
        tenant, created = Library.objects.get_or_create(
            schema_name=get_public_schema_name(), defaults={"name": name}
        )
        Domain.objects.get_or_create(domain=domain, defaults={"tenant": tenant, "is_primary": True})
        self.stdout.write(f"{tenant.name}: {'created' if created else 'exists'}")
        if library and not Library.objects.filter(schema_name=library).exists():
            self.register(library, domain)

    def register(self, schema, domain):
        """The row and the empty schema at once; the migrations of all tenants fill it, however many were registered."""
        tenant = Library(schema_name=schema, name=f"{schema.title()} library")
        tenant.auto_create_schema = False
        tenant.save()
        tenant.create_schema(check_if_exists=True, sync_schema=False)
        Domain.objects.create(domain=f"{schema}.{domain}", tenant=tenant, is_primary=True)
        self.stdout.write(f"{tenant.name}: registered")
