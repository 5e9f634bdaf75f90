"""Moves drafted at home, sealed under their own codes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moves", "0001_first")]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("draft_id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("started_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("completed_at", models.DateTimeField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "moves_draft",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_at__isnull", True), ("sealed", b""), _connector="OR"
                        ),
                        name="moves_draft_taken_is_empty",
                    )
                ],
            },
        ),
    ]
