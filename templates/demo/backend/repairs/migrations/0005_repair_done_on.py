from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("repairs", "0004_alter_repair_description")]

    operations = [
        migrations.AddField(
            model_name="repair",
            name="done_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="repair",
            index=models.Index(fields=["done_on", "urgency"], name="repairs_to_do"),
        ),
    ]
