"""Tries are counted for all processes at once, in a table that no log is kept of."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("infra", "0001_facts_and_long_work"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tries",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
                ("number", models.IntegerField()),
            ],
            options={
                "db_table": "infra_tries",
            },
        ),
        migrations.RunSQL("ALTER TABLE infra_tries SET UNLOGGED", "ALTER TABLE infra_tries SET LOGGED"),
    ]
