"""The ledger: versions, persons, drafts, numbers, notes (異動履歴)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


from madoguchi.infra.appendonly import AppendOnly

# The columns a look-up needs, repeated on register_person.
HEAD = "history_no, nationality_group, status, household_no, birth_sort, resident_code"

# Once per statement, so that COPY of a million rows asks once and not a million times.
# The UPDATE waits for another writer of the same person and then finds another head: the
# loser's numbers no longer follow, and its transaction fails.
ARRIVED = f"""
CREATE FUNCTION register_version_arrived() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint;
    placed bigint;
BEGIN
    WITH span AS (
        SELECT person_id, min(history_no) AS lo, max(history_no) AS hi, count(*) AS n
        FROM arrived GROUP BY person_id
    ), head AS (
        SELECT a.person_id, a.id AS version_id, span.lo, span.hi, span.n,
               {", ".join("a." + name for name in HEAD.split(", "))}
        FROM arrived a JOIN span ON span.person_id = a.person_id AND span.hi = a.history_no
    ), entered AS (
        INSERT INTO register_person (person_id, version_id, {HEAD})
        SELECT person_id, version_id, {HEAD} FROM head WHERE lo = 1 AND n = hi
        RETURNING 1
    ), advanced AS (
        UPDATE register_person p SET (version_id, {HEAD}) =
            ROW (h.version_id, {", ".join("h." + name for name in HEAD.split(", "))})
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
CREATE TRIGGER register_version_arrived AFTER INSERT ON register_version
    REFERENCING NEW TABLE AS arrived
    FOR EACH STATEMENT EXECUTE FUNCTION register_version_arrived();

CREATE FUNCTION register_person_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'register_person is written by the ledger alone'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER register_person_guard BEFORE INSERT OR UPDATE OR DELETE ON register_person
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0)
    EXECUTE FUNCTION register_person_guard();

CREATE VIEW register_current AS
    SELECT v.* FROM register_person p JOIN register_version v ON v.id = p.version_id;

CREATE SEQUENCE register_person_serial START 1;
CREATE SEQUENCE register_household_serial START 1;
"""
NOT_ARRIVED = """
DROP SEQUENCE register_household_serial;
DROP SEQUENCE register_person_serial;
DROP VIEW register_current;
DROP TRIGGER register_person_guard ON register_person;
DROP FUNCTION register_person_guard();
DROP TRIGGER register_version_arrived ON register_version;
DROP FUNCTION register_version_arrived();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Number',
            fields=[
                ('person_id', models.CharField(max_length=15, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('digest', models.BinaryField(unique=True)),
                ('set_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'register_number',
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('verb', models.CharField(max_length=40)),
                ('command', models.JSONField()),
                ('drafted_by', models.TextField()),
                ('drafted_at', models.DateTimeField()),
                ('state', models.CharField(max_length=8)),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'register_draft',
                'indexes': [models.Index(condition=models.Q(('state', 'WAITING')), fields=['drafted_at'], name='register_draft_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['WAITING', 'APPROVED', 'STRUCK'])), name='register_draft_state')],
            },
        ),
        migrations.CreateModel(
            name='DraftPerson',
            fields=[
                ('person_id', models.CharField(max_length=15, primary_key=True, serialize=False)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='register.draft')),
            ],
            options={
                'db_table': 'register_draft_person',
            },
        ),
        migrations.CreateModel(
            name='Memo',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('person_id', models.CharField(max_length=15)),
                ('text', models.TextField(blank=True)),
                ('replaces', models.BigIntegerField(null=True, unique=True)),
                ('written_by', models.TextField()),
                ('written_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'register_memo',
                'indexes': [models.Index(fields=['person_id'], name='register_memo_person')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('person_id', models.CharField(max_length=15, primary_key=True, serialize=False)),
                ('version_id', models.BigIntegerField()),
                ('history_no', models.PositiveIntegerField()),
                ('nationality_group', models.CharField(max_length=8)),
                ('status', models.CharField(max_length=16)),
                ('household_no', models.CharField(max_length=15)),
                ('birth_sort', models.DateField(null=True)),
                ('resident_code', models.TextField(blank=True, db_default='', default='')),
            ],
            options={
                'db_table': 'register_person',
                'indexes': [models.Index(fields=['household_no'], name='register_person_household'), models.Index(fields=['birth_sort'], name='register_person_birth')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('resident_code', ''), _negated=True), fields=('resident_code',), name='register_person_resident_code')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('person_id', models.CharField(max_length=15)),
                ('history_no', models.PositiveIntegerField()),
                ('reason', models.CharField(max_length=24)),
                ('effective_on', models.DateField()),
                ('effective_written', models.TextField(blank=True, db_default='', default='')),
                ('filed_on', models.DateField(null=True)),
                ('petitioned_on', models.DateField(null=True)),
                ('notified_by_office_on', models.DateField(null=True)),
                ('requested_on', models.DateField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('place', models.TextField()),
                ('terminal', models.TextField()),
                ('staff_id', models.TextField()),
                ('corrects_no', models.PositiveIntegerField(null=True)),
                ('reverts_no', models.PositiveIntegerField(null=True)),
                ('changed', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('nationality_group', models.CharField(max_length=8)),
                ('status', models.CharField(max_length=16)),
                ('household_no', models.CharField(max_length=15)),
                ('relationship', models.TextField(blank=True, db_default='', default='')),
                ('is_householder', models.BooleanField()),
                ('seat', models.PositiveIntegerField(db_default=0, default=0)),
                ('name', models.TextField()),
                ('name_kana', models.TextField(blank=True, db_default='', default='')),
                ('kana_confirmed', models.BooleanField(db_default=False, default=False)),
                ('former_surname', models.TextField(blank=True, db_default='', default='')),
                ('former_surname_kana', models.TextField(blank=True, db_default='', default='')),
                ('alias', models.TextField(blank=True, db_default='', default='')),
                ('alias_kana', models.TextField(blank=True, db_default='', default='')),
                ('name_alphabet', models.TextField(blank=True, db_default='', default='')),
                ('birth', models.TextField(blank=True, db_default='', default='')),
                ('birth_sort', models.DateField(null=True)),
                ('sex', models.CharField(max_length=7)),
                ('postcode', models.TextField(blank=True, db_default='', default='')),
                ('address', models.TextField(blank=True, db_default='', default='')),
                ('building', models.TextField(blank=True, db_default='', default='')),
                ('honseki', models.TextField(blank=True, db_default='', default='')),
                ('hittosha', models.TextField(blank=True, db_default='', default='')),
                ('became_resident', models.TextField(blank=True, db_default='', default='')),
                ('became_resident_sort', models.DateField(null=True)),
                ('address_since', models.TextField(blank=True, db_default='', default='')),
                ('address_since_sort', models.DateField(null=True)),
                ('notified', models.TextField(blank=True, db_default='', default='')),
                ('notified_sort', models.DateField(null=True)),
                ('previous_address', models.TextField(blank=True, db_default='', default='')),
                ('resident_code', models.TextField(blank=True, db_default='', default='')),
                ('nationality', models.TextField(blank=True, db_default='', default='')),
                ('residence_status', models.TextField(blank=True, db_default='', default='')),
                ('stay_until', models.TextField(blank=True, db_default='', default='')),
                ('stay_until_sort', models.DateField(null=True)),
                ('stay_class', models.TextField(blank=True, db_default='', default='')),
                ('residence_card_no', models.TextField(blank=True, db_default='', default='')),
                ('removal_reason', models.TextField(blank=True, db_default='', default='')),
                ('removed', models.TextField(blank=True, db_default='', default='')),
                ('removed_sort', models.DateField(null=True)),
                ('move_out_to', models.TextField(blank=True, db_default='', default='')),
                ('move_out_planned_on', models.DateField(null=True)),
                ('move_out_to_confirmed', models.TextField(blank=True, db_default='', default='')),
                ('move_out_notified_on', models.DateField(null=True)),
                ('remarks_a', models.TextField(blank=True, db_default='', default='')),
                ('remarks_b', models.TextField(blank=True, db_default='', default='')),
                ('remarks_c', models.TextField(blank=True, db_default='', default='')),
                ('extra', models.JSONField(default=dict)),
            ],
            options={
                'db_table': 'register_version',
                'indexes': [models.Index(fields=['household_no'], name='register_version_household'), models.Index(condition=models.Q(('residence_card_no', ''), _negated=True), fields=['residence_card_no'], name='register_version_card')],
                'constraints': [models.UniqueConstraint(fields=('person_id', 'history_no'), name='register_version_history_no'), models.CheckConstraint(condition=models.Q(('history_no__gte', 1)), name='register_version_from_1'), models.CheckConstraint(condition=models.Q(('reason__in', ['MOVE_IN_DOMESTIC', 'MOVE_IN_ABROAD', 'BIRTH', 'ENTER_NATURALISED', 'ENTER_NATIONALITY_LOST', 'ENTER_EX_OFFICIO', 'RECORD_REMADE', 'RECORD_RECONSTRUCTED', 'REVERT_INCREASE', 'MOVE_OUT_DOMESTIC', 'MOVE_OUT_ABROAD', 'DEATH', 'REMOVE_NATURALISED', 'REMOVE_NATIONALITY_LOST', 'REMOVE_EX_OFFICIO', 'REMOVE_REMADE', 'REMOVE_RECONSTRUCTED', 'REVERT_DECREASE', 'CHANGE_ADDRESS', 'AMEND_MINOR', 'AMEND_EX_OFFICIO', 'CORRECT_ERROR', 'NUMBER_CHANGE_REQUESTED', 'NUMBER_AMEND_EX_OFFICIO', 'NUMBER_ENTER_EX_OFFICIO', 'CODE_CHANGE_REQUESTED', 'CODE_ENTER_EX_OFFICIO', 'SPLIT_HOUSEHOLD', 'MERGE_HOUSEHOLDS', 'CHANGE_HOUSEHOLD', 'CHANGE_HOUSEHOLDER', 'ENTER_FORMER_SURNAME', 'CHANGE_FORMER_SURNAME', 'STRIKE_FORMER_SURNAME', 'ENTER_ALIAS', 'STRIKE_ALIAS', 'REVERT_AMENDMENT'])), name='register_version_reason'), models.CheckConstraint(condition=models.Q(('status__in', ['RESIDENT', 'MOVE_OUT_PLANNED', 'MOVED_OUT', 'DEAD', 'REMOVED'])), name='register_version_status'), models.CheckConstraint(condition=models.Q(('nationality_group__in', ['JAPANESE', 'FOREIGN'])), name='register_version_group'), models.CheckConstraint(condition=models.Q(('sex__in', ['MALE', 'FEMALE', 'UNKNOWN'])), name='register_version_sex'), models.CheckConstraint(condition=models.Q(('stay_class__in', ['', 'MID_TO_LONG_TERM', 'SPECIAL_PERMANENT', 'TEMPORARY_REFUGE', 'PROVISIONAL_STAY', 'TRANSITIONAL'])), name='register_version_stay')],
            },
        ),
        AppendOnly("register_version"),
        AppendOnly("register_memo"),
        migrations.RunSQL(sql=ARRIVED, reverse_sql=NOT_ARRIVED),
    ]
