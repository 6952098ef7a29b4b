from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_smallest_plan_for_all")]

    operations = [
        migrations.AddField(
            model_name="library",
            name="contact_email",
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AddIndex(
            model_name="library",
            index=models.Index(fields=["created_on"], name="libraries_by_age"),
        ),
    ]
