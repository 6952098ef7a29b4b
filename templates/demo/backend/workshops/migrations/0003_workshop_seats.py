from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workshops", "0002_enrolment")]

    operations = [
        migrations.AddField(
            model_name="workshop",
            name="seats",
            field=models.PositiveSmallIntegerField(default=12),
        ),
    ]
