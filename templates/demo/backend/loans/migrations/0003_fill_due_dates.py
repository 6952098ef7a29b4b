from datetime import timedelta

from django.db import migrations


USUAL_LOAN = timedelta(days=21)


def fill_due_dates(apps, schema_editor):
    Loan = apps.get_model("loans", "Loan")
    for loan in Loan.objects.filter(due_on__isnull=True):
        loan.due_on = loan.handed_out_on + USUAL_LOAN
        loan.save(update_fields=["due_on"])


class Migration(migrations.Migration):
    dependencies = [("loans", "0002_loan_returned_on")]

    operations = [
        migrations.RunPython(fill_due_dates, migrations.RunPython.noop),
    ]
