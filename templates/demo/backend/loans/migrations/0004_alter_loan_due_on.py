from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loans", "0003_fill_due_dates")]

    operations = [
        migrations.AlterField(
            model_name="loan",
            name="due_on",
            field=models.DateField(),
        ),
        migrations.AddIndex(
            model_name="loan",
            index=models.Index(fields=["due_on"], name="loans_by_due_date"),
        ),
    ]
