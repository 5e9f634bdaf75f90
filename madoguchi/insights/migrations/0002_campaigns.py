"""Classes, fairs and spots, and what was counted of them (催し)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('insights', '0001_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='CampaignRow',
            fields=[
                ('campaign_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('kind', models.CharField(max_length=8)),
                ('begins_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('cost_yen', models.PositiveIntegerField(null=True)),
                ('made_by', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'insights_campaign',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['CLASS', 'FAIR', 'SPOT', 'VISIT', 'OTHER'])), name='insights_campaign_kind'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('begins_on'))), name='insights_campaign_days')],
            },
        ),
        migrations.CreateModel(
            name='CampaignCount',
            fields=[
                ('count_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('what', models.CharField(max_length=12)),
                ('on', models.DateField()),
                ('number', models.PositiveIntegerField()),
                ('counted_by', models.TextField()),
                ('counted_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counted', to='insights.campaignrow')),
            ],
            options={
                'db_table': 'insights_campaign_count',
                'indexes': [models.Index(fields=['campaign', 'on'], name='insights_campaign_counts')],
                'constraints': [models.CheckConstraint(condition=models.Q(('what__in', ['CAME', 'BACK_KIOSK', 'BACK_STORE', 'VIEWS'])), name='insights_campaign_count_what')],
            },
        ),
    ]
