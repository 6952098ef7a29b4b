from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="member_limit",
            field=models.PositiveIntegerField(blank=True, help_text="empty: no limit", null=True),
        ),
    ]
