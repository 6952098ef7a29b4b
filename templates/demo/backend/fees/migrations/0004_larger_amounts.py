from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fees", "0003_fee_currency")]

    operations = [
        migrations.AlterField(
            model_name="fee",
            name="amount",
            field=models.DecimalField(decimal_places=2, max_digits=10),
        ),
    ]
