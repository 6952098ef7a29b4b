from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_item_condition")]

    operations = [
        migrations.RenameField(model_name="item", old_name="price", new_name="replacement_cost"),
    ]
