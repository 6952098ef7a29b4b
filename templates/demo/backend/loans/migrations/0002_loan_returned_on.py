from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loans", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="loan",
            name="returned_on",
            field=models.DateField(blank=True, null=True),
        ),
    ]
