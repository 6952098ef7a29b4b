from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0003_first_plans")]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="is_public",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="plan",
            name="monthly_price",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=8),
        ),
        migrations.AlterModelOptions(
            name="plan",
            options={"ordering": ["monthly_price", "code"]},
        ),
    ]
