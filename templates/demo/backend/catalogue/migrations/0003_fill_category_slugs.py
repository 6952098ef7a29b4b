from django.db import migrations
from django.utils.text import slugify


def fill_slugs(apps, schema_editor):
    Category = apps.get_model("catalogue", "Category")
    for category in Category.objects.filter(slug__isnull=True).order_by("pk"):
        # The key keeps two categories of the same name apart.
        category.slug = f"{slugify(category.name)[:60]}-{category.pk}"
        category.save(update_fields=["slug"])


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_category_slug")]

    operations = [
        migrations.RunPython(fill_slugs, migrations.RunPython.noop),
    ]
