"""Tables taken in, their rows, and what the calculation takes for granted (最初の表)."""

import django.db.models.deletion
from django.db import migrations, models

from madoguchi.infra.appendonly import AppendOnly


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Premise',
            fields=[
                ('premise_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('channel', models.CharField(max_length=12)),
                ('from_year', models.PositiveSmallIntegerField()),
                ('seconds', models.DecimalField(decimal_places=3, max_digits=12)),
                ('yen_per_hour', models.DecimalField(decimal_places=3, max_digits=12)),
                ('fixed_yen', models.DecimalField(decimal_places=3, max_digits=15)),
                ('yen_per_issue', models.DecimalField(decimal_places=3, max_digits=12)),
                ('cashable_percent', models.DecimalField(decimal_places=3, max_digits=6)),
                ('resident_minutes', models.DecimalField(decimal_places=3, max_digits=12)),
                ('resident_yen_per_hour', models.DecimalField(decimal_places=3, max_digits=12)),
                ('ferry_yen', models.DecimalField(decimal_places=3, max_digits=12)),
                ('ferry_percent', models.DecimalField(decimal_places=3, max_digits=6)),
                ('source', models.TextField()),
                ('set_by', models.TextField()),
                ('set_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'insights_premise',
                'constraints': [models.CheckConstraint(condition=models.Q(('channel__in', ['store', 'kiosk'])), name='insights_premise_channel'), models.CheckConstraint(condition=models.Q(('cashable_percent__lte', 100), ('ferry_percent__lte', 100)), name='insights_premise_percent'), models.CheckConstraint(condition=models.Q(('cashable_percent__gte', 0), ('ferry_percent__gte', 0), ('ferry_yen__gte', 0), ('fixed_yen__gte', 0), ('resident_minutes__gte', 0), ('resident_yen_per_hour__gte', 0), ('seconds__gte', 0), ('yen_per_hour__gte', 0), ('yen_per_issue__gte', 0)), name='insights_premise_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Table',
            fields=[
                ('table_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('file_sum', models.CharField(max_length=64)),
                ('rows', models.PositiveIntegerField()),
                ('taken_by', models.TextField()),
                ('taken_at', models.DateTimeField()),
                ('undone_by', models.TextField(blank=True, db_default='', default='')),
                ('undone_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'insights_table',
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('file_sum',), name='insights_table_once')],
            },
        ),
        migrations.CreateModel(
            name='Count',
            fields=[
                ('count_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('place', models.TextField()),
                ('fiscal_year', models.PositiveSmallIntegerField()),
                ('month', models.PositiveSmallIntegerField(null=True)),
                ('months', models.PositiveSmallIntegerField(null=True)),
                ('kind', models.TextField(blank=True)),
                ('channel', models.CharField(max_length=12)),
                ('issues', models.PositiveIntegerField()),
                ('printed_mean', models.DecimalField(decimal_places=6, max_digits=15, null=True)),
                ('table', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='insights.table')),
            ],
            options={
                'db_table': 'insights_count',
                'constraints': [models.CheckConstraint(condition=models.Q(('channel__in', ['desk', 'mail', 'kiosk', 'store', 'web', 'desk_or_mail'])), name='insights_count_channel'), models.CheckConstraint(condition=models.Q(models.Q(('month__isnull', True), ('months__gte', 1), ('months__lte', 12)), models.Q(('month__gte', 1), ('month__lte', 12), ('months__isnull', True)), _connector='OR'), name='insights_count_month'), models.UniqueConstraint(fields=('table', 'fiscal_year', 'month', 'kind', 'channel'), name='insights_count_once', nulls_distinct=False)],
            },
        ),
        AppendOnly('insights_premise'),
    ]
