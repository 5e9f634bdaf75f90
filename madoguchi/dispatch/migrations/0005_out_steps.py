"""What became of letters, published without anybody in it: queued, printed, posted, returned (発送の公開)."""

from django.db import migrations

# A day without an hour is put after what must have come before it on that day. The id leads
# nowhere outside this room: no person, no number, no address.
VIEW = """
CREATE VIEW dispatch_out_steps AS
SELECT letter_id, kind, 'QUEUED' AS code, queued_at AS at FROM dispatch_letter
UNION ALL
SELECT letter_id, kind, 'PRINTED', printed_at FROM dispatch_letter WHERE printed_at IS NOT NULL
UNION ALL
SELECT l.letter_id, l.kind, 'POSTED',
       COALESCE(s.handed_in_at, (l.posted_on + interval '17 hours') AT TIME ZONE 'Asia/Tokyo')
  FROM dispatch_letter l LEFT JOIN dispatch_slip s ON s.slip_id = l.slip_id
 WHERE l.posted_on IS NOT NULL
UNION ALL
SELECT letter_id, kind, 'RETURNED', (returned_on + interval '18 hours') AT TIME ZONE 'Asia/Tokyo'
  FROM dispatch_letter WHERE returned_on IS NOT NULL
UNION ALL
SELECT letter_id, kind, state, closed_at FROM dispatch_letter
 WHERE closed_at IS NOT NULL AND state IN ('DELIVERED', 'CANCELLED', 'SUPERSEDED')
"""


class Migration(migrations.Migration):
    """See above."""

    dependencies = [("dispatch", "0004_handed")]

    operations = [migrations.RunSQL(VIEW, "DROP VIEW dispatch_out_steps")]
