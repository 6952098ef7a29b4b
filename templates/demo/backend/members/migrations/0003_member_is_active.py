from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0002_member_phone")]

    operations = [
        migrations.AddField(
            model_name="member",
            name="is_active",
            field=models.BooleanField(default=True),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["full_name"], name="members_by_name"),
        ),
    ]
