"""Letters of a check that go through the post room."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See above."""

    dependencies = [("residence", "0002_notices")]

    operations = [
        migrations.AddField(
            "letterrow", "about_no", models.TextField(blank=True, default="", db_default="")
        ),
    ]
