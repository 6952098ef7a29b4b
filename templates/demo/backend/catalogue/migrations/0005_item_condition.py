from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_alter_category_slug")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="condition",
            field=models.CharField(
                choices=[("new", "new"), ("good", "good"), ("worn", "worn")],
                default="good",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["category", "condition"], name="items_by_condition"),
        ),
    ]
