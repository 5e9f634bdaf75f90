"""Other rooms ask of every letter about a matter, posted or not: one view in the place of the old."""

from django.db import migrations

OLD = (
    "CREATE VIEW dispatch_out_posted AS"
    " SELECT letter_id, about_no, kind, state, posted_on, returned_on, return_reason"
    " FROM dispatch_letter WHERE posted_on IS NOT NULL"
)
NEW = (
    "CREATE VIEW dispatch_out_letters AS"
    " SELECT letter_id, about_no, kind, state, queued_at, posted_on, returned_on, return_reason"
    " FROM dispatch_letter"
)


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0002_rules")]
    operations = [
        migrations.RunSQL(
            f"DROP VIEW dispatch_out_posted; {NEW}", f"DROP VIEW dispatch_out_letters; {OLD}"
        ),
    ]
