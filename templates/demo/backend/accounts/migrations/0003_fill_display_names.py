from django.db import migrations


def fill_display_names(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    for user in User.objects.filter(display_name=""):
        user.display_name = f"{user.first_name} {user.last_name}".strip()
        user.save(update_fields=["display_name"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_user_display_name")]

    operations = [
        migrations.RunPython(fill_display_names, migrations.RunPython.noop),
    ]
