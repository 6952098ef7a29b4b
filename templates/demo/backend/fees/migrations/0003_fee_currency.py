from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fees", "0002_fee_reason")]

    operations = [
        migrations.AddField(
            model_name="fee",
            name="currency",
            field=models.CharField(default="EUR", max_length=3),
        ),
    ]
