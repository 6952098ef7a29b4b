from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fees", "0004_larger_amounts")]

    operations = [
        migrations.AddField(
            model_name="fee",
            name="paid_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="fee",
            index=models.Index(fields=["member", "paid_on"], name="fees_open_by_member"),
        ),
    ]
