from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0002_reservation_wanted_until")]

    operations = [
        migrations.AddField(
            model_name="reservation",
            name="status",
            field=models.CharField(
                choices=[("waiting", "waiting"), ("expired", "expired")],
                default="waiting",
                max_length=12,
            ),
        ),
    ]
