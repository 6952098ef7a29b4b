from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("repairs", "0003_repair_urgency")]

    operations = [
        migrations.AlterField(
            model_name="repair",
            name="description",
            field=models.TextField(),
        ),
    ]
