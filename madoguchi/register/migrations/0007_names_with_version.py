"""The published view of names also says from which version it speaks (氏名の公開の版)."""

from django.db import migrations

from madoguchi.kernel.areas import AREAS

# As published first (0003), with one column more behind the others.
_AREA = " ".join(
    f"WHEN translate(v.postcode, '-', '') BETWEEN '{row.first_postcode}'"
    f" AND '{row.last_postcode}' THEN '{row.area}'"
    for row in AREAS
)
VIEW = """
{create} register_out_names AS
SELECT v.person_id, v.name, v.name_kana AS kana, v.birth_sort,
       CASE {area} END AS area,
       CASE WHEN v.status = 'MOVE_OUT_PLANNED'
             AND v.removed_sort <= (now() AT TIME ZONE 'Asia/Tokyo')::date
            THEN 'MOVED_OUT' ELSE v.status END AS status,
       EXISTS (SELECT FROM protection_out_held h WHERE h.person_id = v.person_id)
       AS is_protected{more}
FROM register_person p JOIN register_version v ON v.id = p.version_id
"""
AFTER = VIEW.format(create="CREATE OR REPLACE VIEW", area=_AREA, more=", p.history_no")
BEFORE = VIEW.format(create="CREATE VIEW", area=_AREA, more="")


class Migration(migrations.Migration):
    dependencies = [("register", "0006_heads")]

    operations = [migrations.RunSQL(AFTER, f"DROP VIEW register_out_names; {BEFORE}")]
