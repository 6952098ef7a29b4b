from django.db import migrations
from django.db.models.functions import Lower


def lower_case_emails(apps, schema_editor):
    apps.get_model("members", "Member").objects.update(email=Lower("email"))


class Migration(migrations.Migration):
    dependencies = [("members", "0003_member_is_active")]

    operations = [
        migrations.RunPython(lower_case_emails, migrations.RunPython.noop),
    ]
