"""A visit that another room worked out: its length, a mark in the lists; the notice of moving in."""

from datetime import date

from django.db import migrations, models

KINDS = [
    "COLLECT", "RENEWAL", "CERT_RENEWAL", "PIN_RESET", "APPLY_HELP", "MOVE_IN_CARD", "INSURANCE",
    "LICENCE", "MOVE_OUT_HELP", "QUESTION", "OUTREACH", "MOVE_IN",
]  # fmt: skip
SOURCE = "想定。来る前の確認から予約した人は、そこで出た時間になる"


def write_service(apps, schema_editor):
    apps.get_model("appointments", "Service").objects.create(
        kind="MOVE_IN", minutes=30, further_minutes=10, needs_terminal=False, bookable=True,
        valid_from=date(2024, 4, 1), source=SOURCE,
    )


class Migration(migrations.Migration):
    """See above."""

    dependencies = [("appointments", "0005_booked_how")]

    operations = [
        migrations.AddField(
            "errand", "minutes", models.PositiveSmallIntegerField(default=0, db_default=0)
        ),
        migrations.AddField(
            "errand", "mark",
            models.CharField(blank=True, default="", db_default="", max_length=12),
        ),
        migrations.RemoveConstraint("errand", "appointments_errand_kind"),
        migrations.AddConstraint(
            "errand",
            models.CheckConstraint(
                condition=models.Q(("kind__in", KINDS)), name="appointments_errand_kind"
            ),
        ),
        migrations.RunPython(write_service, migrations.RunPython.noop),
    ]
