"""The days closed each year are dated too; the rows there are hold as they did."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kiosk", "0003_hints_by_visit")]
    operations = [
        migrations.AddField(
            model_name="yearlyclosing",
            name="valid_from",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="yearlyclosing",
            name="valid_until",
            field=models.DateField(null=True),
        ),
    ]
