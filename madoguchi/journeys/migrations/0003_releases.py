"""The table of the months that left; never changed."""

from django.db import migrations, models

from madoguchi.infra.appendonly import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('journeys', '0002_surveys'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReleaseRow',
            fields=[
                ('release_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('source', models.TextField()),
                ('first_on', models.DateField()),
                ('last_on', models.DateField()),
                ('cases', models.IntegerField()),
                ('drawing', models.TextField()),
                ('made_by', models.TextField()),
                ('made_on', models.DateField()),
            ],
            options={
                'db_table': 'journeys_release',
                'constraints': [models.UniqueConstraint(fields=('source', 'first_on'), name='journeys_release_once'), models.CheckConstraint(condition=models.Q(('source__in', ['CARDS', 'VISITS', 'KIOSK'])), name='journeys_release_source')],
            },
        ),
        AppendOnly('journeys_release'),
    ]
