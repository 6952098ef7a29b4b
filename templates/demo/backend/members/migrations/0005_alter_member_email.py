from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0004_lower_case_emails")]

    operations = [
        migrations.AlterField(
            model_name="member",
            name="email",
            field=models.EmailField(blank=True, max_length=320),
        ),
    ]
