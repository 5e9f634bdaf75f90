"""The tables of the residence checks; what was found is never changed."""

import django.db.models.deletion
from django.db import migrations, models

from madoguchi.infra.appendonly import AppendOnly


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('case_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('household_no', models.TextField()),
                ('trigger', models.TextField()),
                ('opened_by', models.TextField()),
                ('opened_on', models.DateField()),
                ('state', models.TextField(default='OPEN')),
                ('outcome', models.TextField(blank=True, default='')),
                ('reason', models.TextField(blank=True, default='')),
                ('proposed_by', models.TextField(blank=True, default='')),
                ('proposal_id', models.TextField(blank=True, default='')),
                ('closed_by', models.TextField(blank=True, default='')),
                ('closed_on', models.DateField(null=True)),
                ('register_filing_id', models.TextField(blank=True, default='')),
            ],
            options={
                'db_table': 'residence_case',
                'constraints': [models.CheckConstraint(condition=models.Q(('trigger__in', ['UNTRUE_FILING', 'OTHER_OFFICE', 'FAMILY', 'RETURNED_MAIL', 'NO_NOTICE', 'PATTERN'])), name='residence_case_trigger'), models.CheckConstraint(condition=models.Q(('state__in', ['OPEN', 'PROPOSED', 'CLOSED'])), name='residence_case_state'), models.CheckConstraint(condition=models.Q(('outcome__in', ['LIVES', 'REMOVE', ''])), name='residence_case_outcome'), models.CheckConstraint(condition=models.Q(models.Q(('closed_on__isnull', False), ('state', 'CLOSED')), models.Q(models.Q(('state', 'CLOSED'), _negated=True), ('closed_on__isnull', True)), _connector='OR'), name='residence_case_closed_somehow'), models.UniqueConstraint(condition=models.Q(('state', 'CLOSED'), _negated=True), fields=('household_no',), name='residence_case_once')],
            },
        ),
        migrations.CreateModel(
            name='CasePerson',
            fields=[
                ('row_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('person_id', models.TextField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='persons', to='residence.case')),
            ],
            options={
                'db_table': 'residence_case_person',
                'constraints': [models.UniqueConstraint(fields=('case', 'person_id'), name='residence_case_person_once'), models.CheckConstraint(condition=models.Q(('person_id__regex', '^[0-9]{15}$')), name='residence_case_person_no')],
            },
        ),
        migrations.CreateModel(
            name='EvidenceRow',
            fields=[
                ('row_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('source', models.TextField()),
                ('basis', models.TextField()),
                ('asked_on', models.DateField()),
                ('lives', models.TextField()),
                ('since', models.DateField(null=True)),
                ('until', models.DateField(null=True)),
                ('noted_by', models.TextField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='residence.case')),
            ],
            options={
                'db_table': 'residence_evidence',
                'constraints': [models.CheckConstraint(condition=models.Q(('source__in', ['HEARING', 'WATER', 'TAX', 'INSURANCE', 'SCHOOL', 'MAIL', 'NEIGHBOUR', 'LANDLORD'])), name='residence_evidence_source'), models.CheckConstraint(condition=models.Q(('lives__in', ['LIVES', 'GONE', 'UNCLEAR'])), name='residence_evidence_lives')],
            },
        ),
        migrations.CreateModel(
            name='LetterRow',
            fields=[
                ('row_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('drawn_on', models.DateField()),
                ('answer_by', models.DateField()),
                ('drawn_by', models.TextField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='residence.case')),
            ],
            options={
                'db_table': 'residence_letter',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['INQUIRY', 'URGE'])), name='residence_letter_kind')],
            },
        ),
        migrations.CreateModel(
            name='VisitRow',
            fields=[
                ('row_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('visited_on', models.DateField()),
                ('officers', models.JSONField()),
                ('seen', models.TextField()),
                ('noted_by', models.TextField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='residence.case')),
            ],
            options={
                'db_table': 'residence_visit',
                'constraints': [models.CheckConstraint(condition=models.Q(('seen__in', ['SAME', 'OTHERS', 'DIFFERS', 'ABSENT'])), name='residence_visit_seen')],
            },
        ),
        *(AppendOnly(f"residence_{name}") for name in ("evidence", "visit", "letter")),
    ]
