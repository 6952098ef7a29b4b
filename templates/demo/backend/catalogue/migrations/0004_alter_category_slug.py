from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_fill_category_slugs")]

    operations = [
        migrations.AlterField(
            model_name="category",
            name="slug",
            field=models.SlugField(max_length=80, unique=True),
        ),
    ]
