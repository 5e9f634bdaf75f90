"""What became of bookings, published without anybody in it (予約の公開)."""

from django.db import migrations

# A hold nobody confirmed is no booking. Neither place nor number nor address stands here.
VIEW = """
CREATE VIEW appointments_out_booked AS
SELECT booking_id, 'BOOKED' AS code, made_at AS at FROM appointments_booking
 WHERE state NOT IN ('HELD', 'EXPIRED')
UNION ALL
SELECT booking_id, state, state_at FROM appointments_booking
 WHERE state IN ('DONE', 'CANCELLED', 'NO_SHOW')
"""


class Migration(migrations.Migration):
    """See above."""

    dependencies = [("appointments", "0003_out_served")]

    operations = [migrations.RunSQL(VIEW, "DROP VIEW appointments_out_booked")]
