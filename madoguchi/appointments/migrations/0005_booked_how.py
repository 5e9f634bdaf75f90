"""A published booking says how it came: by telephone, at the desk, on the page (予約の経路)."""

from django.db import migrations

OLD = """
CREATE VIEW appointments_out_booked AS
SELECT booking_id, 'BOOKED' AS code, made_at AS at FROM appointments_booking
 WHERE state NOT IN ('HELD', 'EXPIRED')
UNION ALL
SELECT booking_id, state, state_at FROM appointments_booking
 WHERE state IN ('DONE', 'CANCELLED', 'NO_SHOW')
"""
DROP = "DROP VIEW appointments_out_booked"
VIEW = OLD.replace("'BOOKED' AS code", "'BOOKED_' || channel AS code")


class Migration(migrations.Migration):
    """See above."""

    dependencies = [("appointments", "0004_out_booked")]

    operations = [migrations.RunSQL([DROP, VIEW], [DROP, OLD])]
