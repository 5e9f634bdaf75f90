"""The tables of the surveys; an answer is never changed."""

import django.db.models.deletion
from django.db import migrations, models

from madoguchi.infra.appendonly import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('journeys', '0001_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='SurveyRow',
            fields=[
                ('survey_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('map_id', models.TextField()),
                ('phase', models.TextField()),
                ('opened_by', models.TextField()),
                ('opened_on', models.DateField()),
                ('closed_on', models.DateField(null=True)),
            ],
            options={
                'db_table': 'journeys_survey',
                'constraints': [models.CheckConstraint(condition=models.Q(('phase__in', ['AWARE', 'UNDERSTAND', 'BEFORE', 'DURING', 'AFTER'])), name='journeys_survey_phase'), models.UniqueConstraint(condition=models.Q(('closed_on__isnull', True)), fields=('map_id', 'phase'), name='journeys_survey_once')],
            },
        ),
        migrations.CreateModel(
            name='AnswerRow',
            fields=[
                ('answer_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('answered_on', models.DateField()),
                ('face', models.TextField()),
                ('sentence', models.TextField(blank=True, default='')),
                ('channel', models.TextField()),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='journeys.surveyrow')),
            ],
            options={
                'db_table': 'journeys_answer',
                'constraints': [models.CheckConstraint(condition=models.Q(('face__in', ['GOOD', 'SO_SO', 'BAD'])), name='journeys_answer_face'), models.CheckConstraint(condition=models.Q(('channel__in', ['QR', 'TABLET', 'PAPER'])), name='journeys_answer_channel')],
            },
        ),
        AppendOnly('journeys_answer'),
    ]
