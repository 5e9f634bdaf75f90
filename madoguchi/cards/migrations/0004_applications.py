"""Applications, trips and closed envelopes (申請・出張・封筒)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from madoguchi.infra.appendonly import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('cards', '0003_shelves'),
    ]

    operations = [
        migrations.CreateModel(
            name='Application',
            fields=[
                ('application_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('application_no', models.TextField(db_default='', default='')),
                ('person_id', models.TextField()),
                ('visit_kind', models.TextField(db_default='', default='')),
                ('visitor', models.TextField(db_default='', default='')),
                ('state', models.TextField()),
                ('delivery', models.TextField(db_default='', default='')),
                ('documents', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None)),
                ('planned_by', models.TextField(db_default='', default='')),
                ('taken_at', models.DateTimeField(null=True)),
                ('taken_by', models.TextField(db_default='', default='')),
                ('sent_on', models.DateField(null=True)),
                ('sent_by', models.TextField(db_default='', default='')),
                ('version', models.PositiveIntegerField(db_default=1, default=1)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'cards_application',
            },
        ),
        migrations.CreateModel(
            name='Trip',
            fields=[
                ('trip_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('on', models.DateField()),
                ('where', models.TextField()),
                ('note', models.TextField(db_default='', default='')),
                ('made_by', models.TextField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'cards_trip',
            },
        ),
        migrations.CreateModel(
            name='PinSheet',
            fields=[
                ('sheet_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('label', models.TextField()),
                ('state', models.TextField()),
                ('changed_at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='cards.application')),
            ],
            options={
                'db_table': 'cards_pin_sheet',
            },
        ),
        migrations.CreateModel(
            name='PinSheetStep',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('staff_id', models.TextField()),
                ('state', models.TextField()),
                ('witnessed_by', models.TextField(db_default='', default='')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='cards.pinsheet')),
            ],
            options={
                'db_table': 'cards_pin_sheet_step',
            },
        ),
        migrations.AddField(
            model_name='application',
            name='trip',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='cards.trip'),
        ),
        migrations.AddConstraint(
            model_name='pinsheet',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['CLOSED', 'OUT', 'FOUND_OPEN', 'USED'])), fields=('label',), name='cards_pin_sheet_label'),
        ),
        migrations.AddConstraint(
            model_name='pinsheet',
            constraint=models.CheckConstraint(condition=models.Q(('label__regex', '^[0-9A-Z]{1,4}-[0-9]{1,6}$')), name='cards_pin_sheet_label_form'),
        ),
        migrations.AddConstraint(
            model_name='pinsheet',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['CLOSED', 'OUT', 'FOUND_OPEN', 'USED', 'DESTROYED', 'GIVEN_BACK'])), name='cards_pin_sheet_state'),
        ),
        migrations.AddIndex(
            model_name='pinsheetstep',
            index=models.Index(fields=['sheet', 'id'], name='cards_pin_sheet_step_of'),
        ),
        migrations.AddConstraint(
            model_name='pinsheetstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'DESTROYED'), _negated=True), models.Q(models.Q(('witnessed_by', ''), _negated=True), models.Q(('witnessed_by', models.F('staff_id')), _negated=True)), _connector='OR'), name='cards_pin_sheet_witness'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['state', 'changed_at'], name='cards_application_state'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.UniqueConstraint(condition=models.Q(('application_no', ''), _negated=True), fields=('application_no',), name='cards_application_no_one'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['PLANNED', 'TAKEN'])), fields=('person_id',), name='cards_application_open_one'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('application_no', ''), ('application_no__regex', '^[0-9]{23}$'), _connector='OR'), name='cards_application_no_form'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('person_id__regex', '^[0-9]{15}$')), name='cards_application_person'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['PLANNED', 'TAKEN', 'SENT', 'WITHDRAWN'])), name='cards_application_state_known'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('delivery__in', ['', 'COUNTER', 'REGISTERED', 'PERSONAL'])), name='cards_application_delivery'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['TAKEN', 'SENT']), _negated=True), models.Q(('taken_at__isnull', False), models.Q(('taken_by', ''), _negated=True), models.Q(('delivery', ''), _negated=True)), _connector='OR'), name='cards_application_taken'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'SENT'), _negated=True), models.Q(('sent_on__isnull', False), models.Q(('sent_by', ''), _negated=True), models.Q(('application_no', ''), _negated=True)), _connector='OR'), name='cards_application_sent'),
        ),
        AppendOnly('cards_pin_sheet_step'),
    ]
