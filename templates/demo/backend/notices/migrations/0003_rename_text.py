from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_notice_is_pinned")]

    operations = [
        migrations.RenameField(model_name="notice", old_name="text", new_name="body"),
        migrations.AlterField(
            model_name="notice",
            name="body",
            field=models.TextField(blank=True),
        ),
    ]
