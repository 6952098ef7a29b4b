from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("repairs", "0002_repair_reported_by")]

    operations = [
        migrations.AddField(
            model_name="repair",
            name="urgency",
            field=models.PositiveSmallIntegerField(default=2),
        ),
        migrations.AlterModelOptions(
            name="repair",
            options={"ordering": ["urgency", "reported_on"]},
        ),
    ]
