from django.db import migrations


def give_smallest_plan(apps, schema_editor):
    smallest = apps.get_model("plans", "Plan").objects.filter(code="street").first()
    apps.get_model("customers", "Library").objects.filter(plan__isnull=True).update(plan=smallest)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_library_plan"),
        ("plans", "0003_first_plans"),
    ]

    operations = [
        migrations.RunPython(give_smallest_plan, migrations.RunPython.noop),
    ]
