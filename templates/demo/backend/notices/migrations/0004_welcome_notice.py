from django.db import migrations


def welcome(apps, schema_editor):
    Notice = apps.get_model("notices", "Notice")
    if not Notice.objects.exists():
        Notice.objects.create(title="Welcome", body="Pin what everybody should read here.", is_pinned=True)


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_rename_text")]

    operations = [
        migrations.RunPython(welcome, migrations.RunPython.noop),
    ]
