from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="reservation",
            name="wanted_until",
            field=models.DateField(blank=True, null=True),
        ),
    ]
