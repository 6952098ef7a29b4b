from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0004_welcome_notice")]

    operations = [
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["is_pinned", "published_at"], name="notices_on_the_board"),
        ),
    ]
