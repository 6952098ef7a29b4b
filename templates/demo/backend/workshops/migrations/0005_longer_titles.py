from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workshops", "0004_enrolled_once")]

    operations = [
        migrations.AlterField(
            model_name="workshop",
            name="title",
            field=models.CharField(max_length=200),
        ),
        migrations.AddIndex(
            model_name="workshop",
            index=models.Index(fields=["starts_at"], name="workshops_by_start"),
        ),
    ]
