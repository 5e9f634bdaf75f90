"""The tables of the trips: what went out, and the end of every operation."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Trip',
            fields=[
                ('trip_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('area', models.TextField()),
                ('officer_id', models.TextField()),
                ('sealed_by', models.TextField()),
                ('sealed_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('file_sha256', models.TextField()),
                ('wrapped_key', models.BinaryField()),
                ('person_ids', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('card_ids', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('state', models.TextField(default='OUT')),
                ('merged_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('revoked_by', models.TextField(db_default='', default='')),
                ('revoked_why', models.TextField(db_default='', default='')),
            ],
            options={
                'db_table': 'kit_trip',
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['OUT', 'HOME', 'REVOKED'])), name='kit_trip_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'REVOKED'), _negated=True), models.Q(('revoked_at__isnull', False), ('wrapped_key', b'')), _connector='OR'), name='kit_trip_void')],
            },
        ),
        migrations.CreateModel(
            name='OperationRow',
            fields=[
                ('op_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('kind', models.TextField()),
                ('subject', models.TextField()),
                ('person_id', models.TextField(db_default='', default='')),
                ('base', models.IntegerField(null=True)),
                ('at', models.DateTimeField(null=True)),
                ('digest', models.TextField()),
                ('payload', models.JSONField()),
                ('outcome', models.TextField()),
                ('left', models.IntegerField(null=True)),
                ('codes', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None)),
                ('town_version', models.IntegerField(null=True)),
                ('kept_at', models.DateTimeField()),
                ('kept_by', models.TextField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.TextField(db_default='', default='')),
                ('trip', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='operations', to='kit.trip')),
            ],
            options={
                'db_table': 'kit_operation',
                'indexes': [models.Index(fields=['trip', 'number'], name='kit_operation_of_trip')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['LOOKED', 'APPLICATION_TAKEN', 'CARD_HANDED_OVER', 'VISIT_NOTED', 'SURVEY_ANSWERED'])), name='kit_operation_kind'), models.CheckConstraint(condition=models.Q(('outcome__in', ['APPLIED', 'CONFLICT', 'DROPPED'])), name='kit_operation_outcome'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'CONFLICT'), _negated=True), models.Q(('codes', []), _negated=True), _connector='OR'), name='kit_operation_reason')],
            },
        ),
    ]
