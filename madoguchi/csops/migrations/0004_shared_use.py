"""Towns that share the work at the CS, and when it would disturb them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('csops', '0003_cs_work'),
    ]

    operations = [
        migrations.CreateModel(
            name='Neighbour',
            fields=[
                ('name', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('population', models.PositiveIntegerField(null=True)),
                ('uses', models.PositiveIntegerField(null=True)),
            ],
            options={
                'db_table': 'csops_neighbour',
            },
        ),
        migrations.CreateModel(
            name='Proposed',
            fields=[
                ('row_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=5)),
                ('begins_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposed', to='csops.neighbour')),
            ],
            options={
                'db_table': 'csops_proposed',
                'indexes': [models.Index(fields=['begins_at'], name='csops_proposed_begins')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['PEAK', 'QUIET'])), name='csops_proposed_kind'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('begins_at'))), name='csops_proposed_in_order')],
            },
        ),
    ]
