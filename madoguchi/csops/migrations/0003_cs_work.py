"""Assets, updates, backups, restore tests, hours and incidents; a restore test only grows."""

import django.db.models.deletion
from django.db import migrations, models

from madoguchi.infra.appendonly import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('csops', '0002_town_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='AssetRow',
            fields=[
                ('asset_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=60)),
                ('count', models.PositiveSmallIntegerField(default=1)),
                ('procured_on', models.DateField()),
                ('support_until', models.DateField()),
                ('note', models.CharField(blank=True, default='', max_length=300)),
                ('retired_on', models.DateField(null=True)),
            ],
            options={
                'db_table': 'csops_asset',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['SERVER', 'MEMORY', 'TERMINAL', 'OPERATOR_CARD', 'SOFTWARE'])), name='csops_asset_kind'), models.CheckConstraint(condition=models.Q(('support_until__gte', models.F('procured_on'))), name='csops_asset_support')],
            },
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('incident_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('what', models.CharField(max_length=300)),
                ('noted_by', models.CharField(max_length=40)),
                ('mended_at', models.DateTimeField(null=True)),
                ('how', models.CharField(blank=True, default='', max_length=300)),
            ],
            options={
                'db_table': 'csops_incident',
                'constraints': [models.CheckConstraint(condition=models.Q(('mended_at__isnull', True), ('mended_at__gte', models.F('happened_at')), _connector='OR'), name='csops_incident_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Work',
            fields=[
                ('work_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=10)),
                ('title', models.CharField(max_length=60)),
                ('planned_on', models.DateField()),
                ('state', models.CharField(default='PLANNED', max_length=12)),
                ('began_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('result', models.CharField(blank=True, default='', max_length=300)),
                ('evidence_name', models.CharField(blank=True, default='', max_length=120)),
                ('evidence_sha256', models.CharField(blank=True, default='', max_length=64)),
                ('place', models.CharField(blank=True, default='', max_length=60)),
                ('size_bytes', models.BigIntegerField(null=True)),
                ('sha256', models.CharField(blank=True, default='', max_length=64)),
            ],
            options={
                'db_table': 'csops_work',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['UPDATE', 'BACKUP'])), name='csops_work_kind'), models.CheckConstraint(condition=models.Q(('state__in', ['PLANNED', 'RUNNING', 'DONE', 'FAILED', 'CALLED_OFF'])), name='csops_work_state'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gt', models.F('began_at')), _connector='OR'), name='csops_work_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'BACKUP'), ('state', 'DONE'), _negated=True), models.Q(('size_bytes__gt', 0), models.Q(('place', ''), _negated=True), ('sha256__regex', '^[0-9a-f]{64}$')), _connector='OR'), name='csops_work_backup_has_copy')],
            },
        ),
        migrations.CreateModel(
            name='RestoreTest',
            fields=[
                ('test_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('tested_on', models.DateField()),
                ('restored', models.BooleanField()),
                ('sha256', models.CharField(max_length=64)),
                ('note', models.CharField(blank=True, default='', max_length=300)),
                ('tested_by', models.CharField(max_length=40)),
                ('work', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tests', to='csops.work')),
            ],
            options={
                'db_table': 'csops_restore_test',
            },
        ),
        migrations.CreateModel(
            name='HoursWorked',
            fields=[
                ('row_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('staff_id', models.CharField(max_length=40)),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('work', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hours', to='csops.work')),
            ],
            options={
                'db_table': 'csops_hours_worked',
                'constraints': [models.CheckConstraint(condition=models.Q(('ended_at__gt', models.F('began_at'))), name='csops_hours_worked_in_order')],
            },
        ),
        migrations.CreateModel(
            name='WorkStep',
            fields=[
                ('step_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('words', models.CharField(max_length=200)),
                ('minutes', models.PositiveSmallIntegerField()),
                ('done_at', models.DateTimeField(null=True)),
                ('done_by', models.CharField(blank=True, default='', max_length=40)),
                ('work', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='csops.work')),
            ],
            options={
                'db_table': 'csops_work_step',
                'constraints': [models.UniqueConstraint(fields=('work', 'number'), name='csops_work_step_once')],
            },
        ),
        AppendOnly('csops_restore_test'),
    ]
