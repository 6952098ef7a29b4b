from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_fill_display_names")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(default="en", max_length=5),
        ),
    ]
