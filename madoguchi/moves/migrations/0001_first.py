"""The tables of moves; who said a field is never written over."""

import django.db.models.deletion
from django.db import migrations, models

from madoguchi.infra.appendonly import AppendOnly


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Filing',
            fields=[
                ('filing_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('register_filing_id', models.TextField()),
                ('household_no', models.TextField(blank=True, default='')),
                ('filed_on', models.DateField()),
                ('notifier', models.TextField(blank=True, default='')),
                ('delay_reason', models.TextField(blank=True, default='')),
                ('ground', models.TextField(blank=True, default='')),
                ('run_id', models.TextField(blank=True, default='')),
                ('place', models.TextField()),
                ('staff_id', models.TextField()),
                ('filed_at', models.DateTimeField()),
                ('reverted_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'moves_filing',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['MOVE_IN', 'CHANGE_ADDRESS', 'MOVE_OUT', 'CONFIRM_MOVE_OUT', 'HOUSEHOLD', 'BIRTH', 'DEATH', 'EX_OFFICIO', 'CORRECT', 'REVERT'])), name='moves_filing_kind'), models.CheckConstraint(condition=models.Q(('notifier__in', ['', 'SELF', 'HOUSEHOLD', 'AGENT'])), name='moves_filing_notifier')],
            },
        ),
        migrations.CreateModel(
            name='MoveCase',
            fields=[
                ('case_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('is_protected', models.BooleanField(default=False)),
                ('place', models.TextField()),
                ('opened_by', models.TextField()),
                ('opened_at', models.DateTimeField()),
                ('data', models.JSONField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('filing_id', models.TextField(blank=True, db_default='', default='')),
            ],
            options={
                'db_table': 'moves_case',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('filing_id', '')), ('data', {}), _connector='OR'), name='moves_case_over_is_empty')],
            },
        ),
        migrations.CreateModel(
            name='FieldSource',
            fields=[
                ('row_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('person_id', models.TextField()),
                ('item', models.TextField()),
                ('evidence', models.TextField()),
                ('told_by', models.TextField(blank=True, default='')),
                ('told_on', models.DateField()),
                ('differs', models.BooleanField()),
                ('filing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='moves.filing')),
            ],
            options={
                'db_table': 'moves_field_source',
                'constraints': [models.UniqueConstraint(fields=('filing', 'person_id', 'item'), name='moves_field_source_once'), models.CheckConstraint(condition=models.Q(('evidence__in', ['NOTICE', 'CERTIFICATE', 'FAMILY_REGISTER', 'PASSPORT', 'RESIDENCE_CARD', 'SAID', 'DRAFTED', 'AUTHORITY'])), name='moves_field_source_evidence')],
            },
        ),
        migrations.CreateModel(
            name='FilingPerson',
            fields=[
                ('row_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('person_id', models.TextField()),
                ('history_no', models.PositiveIntegerField()),
                ('filing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='persons', to='moves.filing')),
            ],
            options={
                'db_table': 'moves_filing_person',
                'constraints': [models.UniqueConstraint(fields=('filing', 'person_id'), name='moves_filing_person_once'), models.CheckConstraint(condition=models.Q(('person_id__regex', '^[0-9]{15}$')), name='moves_filing_person_no')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('task_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('person_id', models.TextField(blank=True, default='')),
                ('code', models.TextField()),
                ('section', models.TextField()),
                ('due_on', models.DateField(null=True)),
                ('face_to_face', models.BooleanField()),
                ('state', models.TextField(default='OPEN')),
                ('answer', models.TextField(blank=True, default='')),
                ('seen_face_to_face', models.BooleanField(default=False)),
                ('done_by', models.TextField(blank=True, default='')),
                ('done_at', models.DateTimeField(null=True)),
                ('filing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='moves.filing')),
            ],
            options={
                'db_table': 'moves_task',
                'indexes': [models.Index(fields=['section', 'state'], name='moves_task_queue')],
                'constraints': [models.UniqueConstraint(fields=('filing', 'person_id', 'code'), name='moves_task_once'), models.CheckConstraint(condition=models.Q(('state__in', ['OPEN', 'DONE', 'NOT_NEEDED'])), name='moves_task_state'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('state', 'OPEN')), models.Q(models.Q(('state', 'OPEN'), _negated=True), ('done_at__isnull', False)), _connector='OR'), name='moves_task_done_somehow'), models.CheckConstraint(condition=models.Q(models.Q(('face_to_face', True), ('state', 'DONE'), _negated=True), ('seen_face_to_face', True), _connector='OR'), name='moves_task_face_to_face')],
            },
        ),
        AppendOnly('moves_field_source'),
    ]
