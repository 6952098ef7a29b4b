from django.core.management.base import BaseCommand
from django.db import transaction
from django_tenants.utils import schema_context

from catalogue.models import Category, Item
from customers.models import Domain, Library

THINGS = [
    # inventory number, title, category
    ("T-001", "Cordless drill", "Workshop"),
    ("T-002", "Belt sander", "Workshop"),
    ("G-001", "Hedge trimmer", "Garden"),
    ("G-002", "Wheelbarrow", "Garden"),
    ("K-001", "Preserving pan", "Kitchen"),
]


class Command(BaseCommand):
    help = "Creates a library to try things in, with a few items. Run again, it changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--schema", default="guest")
        parser.add_argument("--name", default="Guest library")
        parser.add_argument("--domain", default="guest.localhost")
        parser.add_argument(
            "--noinput", "--no-input", action="store_false", dest="interactive", help="do not ask for the domain"
        )

    def handle(self, *args, schema, name, domain, interactive, **options):
        if interactive:
            domain = input(f"Domain [{domain}]: ") or domain
        library = Library.objects.filter(schema_name=schema).first()
        if created := library is None:
            # Saving a new tenant creates its schema and migrates it.
            library = Library(schema_name=schema, name=name)
            library.save(verbosity=options["verbosity"])
        Domain.objects.get_or_create(domain=domain, defaults={"tenant": library, "is_primary": True})
        with schema_context(schema), transaction.atomic():
            self.fill_catalogue()
        self.stdout.write(f"{library.name}: {'created' if created else 'exists'}")

    def fill_catalogue(self):
        for number, title, category_name in THINGS:
            category, _ = Category.objects.get_or_create(
                slug=category_name.lower(), defaults={"name": category_name}
            )
            Item.objects.get_or_create(
                inventory_number=number, defaults={"title": title, "category": category}
            )
