from django.core.management.base import BaseCommand
from django_tenants.utils import get_public_schema_name

from customers.models import Domain, Library


class Command(BaseCommand):
    help = "Creates the tenant of the public schema and its domain. Run again, it changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--name", default="All libraries")
        parser.add_argument("--domain", default="localhost")
        parser.add_argument(
            "--noinput", "--no-input", action="store_false", dest="interactive", help="do not ask for the domain"
        )

    def handle(self, *args, name, domain, interactive, **options):
        if interactive:
            domain = input(f"Domain [{domain}]: ") or domain
        library, created = Library.objects.get_or_create(
            schema_name=get_public_schema_name(), defaults={"name": name}
        )
        Domain.objects.get_or_create(domain=domain, defaults={"tenant": library, "is_primary": True})
        self.stdout.write(f"{library.name}: {'created' if created else 'exists'}")
