from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0004_expire_old_reservations")]

    operations = [
        migrations.AlterField(
            model_name="reservation",
            name="status",
            field=models.CharField(
                choices=[("waiting", "waiting"), ("ready", "ready to collect"), ("expired", "expired")],
                default="waiting",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.UniqueConstraint(fields=("item", "member", "wanted_from"), name="one_reservation_a_day"),
        ),
    ]
