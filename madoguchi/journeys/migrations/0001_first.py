"""The tables of the maps and their versions."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='MapRow',
            fields=[
                ('map_id', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('made_by', models.TextField()),
                ('made_on', models.DateField()),
            ],
            options={
                'db_table': 'journeys_map',
            },
        ),
        migrations.CreateModel(
            name='VersionRow',
            fields=[
                ('row_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.IntegerField()),
                ('name', models.TextField()),
                ('document', models.JSONField()),
                ('made_by', models.TextField()),
                ('made_on', models.DateField()),
                ('map', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='journeys.maprow')),
            ],
            options={
                'db_table': 'journeys_version',
                'constraints': [models.UniqueConstraint(fields=('map', 'number'), name='journeys_version_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='journeys_version_from_one')],
            },
        ),
    ]
