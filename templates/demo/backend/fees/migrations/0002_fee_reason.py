from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fees", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="fee",
            name="reason",
            field=models.CharField(
                choices=[("membership", "membership"), ("late", "late return"), ("damage", "damage")],
                default="membership",
                max_length=12,
            ),
            preserve_default=False,
        ),
    ]
