"""Who was served, published without anybody in it: when they came, began, ended (対応の公開)."""

from django.db import migrations

# Somebody with a booking waits from the time booked, and not from an early coming; called before
# it, they did not wait. The number, the desk, the clerk and the booking stay here.
VIEW = """
CREATE VIEW appointments_out_served AS
SELECT t.place, t."on", t.kind,
       LEAST(t.started_at, GREATEST(t.issued_at,
             (t."on" + COALESCE(t.due, 0) * interval '1 minute') AT TIME ZONE 'Asia/Tokyo')) AS came_at,
       t.started_at AS began_at, t.ended_at,
       COALESCE((SELECT s.needs_terminal FROM appointments_service s
                 WHERE s.kind = t.kind AND s.valid_from <= t."on"
                 ORDER BY s.valid_from DESC LIMIT 1), false) AS needs_terminal
FROM appointments_ticket t
WHERE t.stage = 'DONE' AND t.started_at IS NOT NULL AND t.ended_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("appointments", "0002_town_tables")]

    operations = [migrations.RunSQL(VIEW, "DROP VIEW appointments_out_served")]
