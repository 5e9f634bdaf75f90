"""Visits booked before coming: what the desk knows of them, and of nobody."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """See above."""

    dependencies = [("moves", "0006_requests")]

    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("visit_id", models.CharField(max_length=26, primary_key=True, serialize=False)),
                ("key", models.TextField()),
                ("case", models.CharField(max_length=1)),
                ("people", models.PositiveSmallIntegerField()),
                ("minutes", models.PositiveSmallIntegerField()),
                ("bring", django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField(), default=list, size=None)),
                ("before", django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField(), default=list, size=None)),
                ("first_on", models.DateField()),
                ("deadline", models.DateField(null=True)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "moves_visit",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("case__in", list("ABCDEFGH")), ("minutes__gt", 0), ("people__gt", 0)
                        ),
                        name="moves_visit_known",
                    )
                ],
            },
        ),
    ]
