"""Who heads a household is told without reading versions (世帯主の有無)."""

from django.db import migrations, models

# As in the first migration, with one column more repeated on register_person.
HEAD = (
    "history_no, nationality_group, status, household_no, is_householder, birth_sort,"
    " resident_code"
)
BEFORE = HEAD.replace(" is_householder,", "")


def arrived(head):
    """Return the trigger function that repeats these columns."""
    columns = head.split(", ")
    return f"""
CREATE OR REPLACE FUNCTION register_version_arrived() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint;
    placed bigint;
BEGIN
    WITH span AS (
        SELECT person_id, min(history_no) AS lo, max(history_no) AS hi, count(*) AS n
        FROM arrived GROUP BY person_id
    ), head AS (
        SELECT a.person_id, a.id AS version_id, span.lo, span.hi, span.n,
               {", ".join("a." + name for name in columns)}
        FROM arrived a JOIN span ON span.person_id = a.person_id AND span.hi = a.history_no
    ), entered AS (
        INSERT INTO register_person (person_id, version_id, {head})
        SELECT person_id, version_id, {head} FROM head WHERE lo = 1 AND n = hi
        RETURNING 1
    ), advanced AS (
        UPDATE register_person p SET (version_id, {head}) =
            ROW (h.version_id, {", ".join("h." + name for name in columns)})
        FROM head h
        WHERE p.person_id = h.person_id AND h.lo > 1
          AND p.history_no = h.lo - 1 AND h.hi - h.lo + 1 = h.n
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM span),
           (SELECT count(*) FROM entered) + (SELECT count(*) FROM advanced)
    INTO wanted, placed;
    IF wanted <> placed THEN
        RAISE EXCEPTION 'history numbers of a person follow each other without a gap'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""


FILL = """
ALTER TABLE register_person DISABLE TRIGGER register_person_guard;
UPDATE register_person p SET is_householder = v.is_householder
    FROM register_version v WHERE v.id = p.version_id AND v.is_householder;
ALTER TABLE register_person ENABLE TRIGGER register_person_guard;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0005_search_surnames"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="is_householder",
            field=models.BooleanField(default=False, db_default=False),
        ),
        migrations.RunSQL(sql=arrived(HEAD), reverse_sql=arrived(BEFORE)),
        migrations.RunSQL(sql=FILL, reverse_sql=migrations.RunSQL.noop),
        # Everything the clerk's home asks stands in the index: residents by household.
        migrations.RunSQL(
            sql="CREATE INDEX register_person_heads ON register_person (household_no)"
                " INCLUDE (is_householder, person_id) WHERE status = 'RESIDENT'",
            reverse_sql="DROP INDEX register_person_heads",
        ),
    ]
