from django.db import migrations


PLANS = [
    # code, name, price a month, members
    ("street", "Street", 0, 50),
    ("quarter", "Quarter", 19, 500),
    ("town", "Town", 79, None),
]


def create_plans(apps, schema_editor):
    Plan = apps.get_model("plans", "Plan")
    for code, name, price, limit in PLANS:
        Plan.objects.get_or_create(
            code=code, defaults={"name": name, "monthly_price": price, "member_limit": limit}
        )


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_plan_member_limit")]

    operations = [
        migrations.RunPython(create_plans, migrations.RunPython.noop),
    ]
