from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_user_language")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="language",
            field=models.CharField(default="en", max_length=10),
        ),
        migrations.AlterModelOptions(
            name="user",
            options={"ordering": ["username"]},
        ),
    ]
