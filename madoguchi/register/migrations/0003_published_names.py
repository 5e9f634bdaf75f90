"""The published view of names, and what a draft's second officer was asked."""

from django.db import migrations, models

from madoguchi.kernel.areas import AREAS

# Areas by postcode as of now; a test compares the view with the kernel's table.
_AREA = " ".join(
    f"WHEN translate(v.postcode, '-', '') BETWEEN '{row.first_postcode}'"
    f" AND '{row.last_postcode}' THEN '{row.area}'"
    for row in AREAS
)
VIEW = f"""
CREATE VIEW register_out_names AS
SELECT v.person_id, v.name, v.name_kana AS kana, v.birth_sort,
       CASE {_AREA} END AS area,
       CASE WHEN v.status = 'MOVE_OUT_PLANNED'
             AND v.removed_sort <= (now() AT TIME ZONE 'Asia/Tokyo')::date
            THEN 'MOVED_OUT' ELSE v.status END AS status,
       EXISTS (SELECT FROM protection_out_held h WHERE h.person_id = v.person_id) AS is_protected
FROM register_person p JOIN register_version v ON v.id = p.version_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0002_search_keys"),
        ("protection", "0002_view_numbers_channels"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="approval_id",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.RunSQL(VIEW, "DROP VIEW register_out_names"),
    ]
