from django.db import migrations
from django.utils import timezone


def expire(apps, schema_editor):
    past = apps.get_model("reservations", "Reservation").objects.filter(wanted_until__lt=timezone.now().date())
    past.update(status="expired")


class Migration(migrations.Migration):
    dependencies = [("reservations", "0003_reservation_status")]

    operations = [
        migrations.RunPython(expire, migrations.RunPython.noop),
    ]
