from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workshops", "0003_workshop_seats")]

    operations = [
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(fields=("workshop", "member"), name="enrolled_once"),
        ),
    ]
