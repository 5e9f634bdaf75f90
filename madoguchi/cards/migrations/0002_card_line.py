"""Boxes, cards, faults, history, shelves, and the ledger file kept beside them."""

import django.db.models.deletion
from django.db import migrations, models

from madoguchi.infra.appendonly import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('cards', '0001_certificates'),
    ]

    operations = [
        migrations.CreateModel(
            name='Layout',
            fields=[
                ('layout_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('columns', models.JSONField()),
                ('sheet', models.TextField()),
                ('taken_in_at', models.DateTimeField()),
                ('taken_in_by', models.TextField()),
            ],
            options={
                'db_table': 'cards_layout',
            },
        ),
        migrations.CreateModel(
            name='Box',
            fields=[
                ('box_no', models.TextField(primary_key=True, serialize=False)),
                ('received_on', models.DateField()),
                ('place', models.TextField()),
                ('told_count', models.PositiveIntegerField(null=True)),
                ('counted_in', models.PositiveIntegerField(null=True)),
                ('counted_out', models.PositiveIntegerField(null=True)),
                ('opened_by', models.TextField()),
                ('opened_at', models.DateTimeField()),
                ('emptied_at', models.DateTimeField(null=True)),
                ('emptied_by', models.TextField(db_default='', default='')),
                ('disposed_on', models.DateField(null=True)),
                ('disposed_how', models.TextField(db_default='', default='')),
                ('disposed_by', models.TextField(db_default='', default='')),
                ('witnessed_by', models.TextField(db_default='', default='')),
            ],
            options={
                'db_table': 'cards_box',
                'constraints': [models.CheckConstraint(condition=models.Q(('emptied_at__isnull', True), models.Q(('counted_in__isnull', False), ('counted_out', models.F('counted_in'))), _connector='OR'), name='cards_box_count_in_is_count_out'), models.CheckConstraint(condition=models.Q(('disposed_on__isnull', True), models.Q(('emptied_at__isnull', False), models.Q(('disposed_how', ''), _negated=True), models.Q(('disposed_by', ''), _negated=True)), _connector='OR'), name='cards_box_disposed_when_empty'), models.CheckConstraint(condition=models.Q(('box_no__regex', '^[0-9A-Z-]{1,20}$')), name='cards_box_no')],
            },
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('card_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('notice_no', models.TextField(db_default='', default='')),
                ('application_no', models.TextField(db_default='', default='')),
                ('person_id', models.TextField(db_default='', default='')),
                ('kind', models.TextField()),
                ('state', models.TextField()),
                ('shelf', models.TextField(db_default='', default='')),
                ('shelf_order', models.TextField(db_default='', default='')),
                ('printed_name', models.TextField(db_default='', default='')),
                ('printed_kana', models.TextField(db_default='', default='')),
                ('printed_birth', models.DateField(null=True)),
                ('printed_address', models.TextField(db_default='', default='')),
                ('made_on', models.DateField(null=True)),
                ('expires_on', models.DateField(null=True)),
                ('arrived_on', models.DateField(null=True)),
                ('scanned_at', models.DateTimeField(null=True)),
                ('scanned_by', models.TextField(db_default='', default='')),
                ('setup_outcome', models.TextField(db_default='', default='')),
                ('setup_at', models.DateTimeField(null=True)),
                ('setup_by', models.TextField(db_default='', default='')),
                ('setup_terminal', models.TextField(db_default='', default='')),
                ('handed_over_on', models.DateField(null=True)),
                ('handed_over_by', models.TextField(db_default='', default='')),
                ('ended_on', models.DateField(null=True)),
                ('ended_by', models.TextField(db_default='', default='')),
                ('witnessed_by', models.TextField(db_default='', default='')),
                ('hold_until', models.DateField(null=True)),
                ('hold_reason', models.TextField(db_default='', default='')),
                ('note', models.TextField(db_default='', default='')),
                ('version', models.PositiveIntegerField(db_default=1, default=1)),
                ('changed_at', models.DateTimeField()),
                ('box', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='cards.box')),
            ],
            options={
                'db_table': 'cards_card',
            },
        ),
        migrations.CreateModel(
            name='CardEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('staff_id', models.TextField()),
                ('verb', models.TextField()),
                ('state_before', models.TextField(db_default='', default='')),
                ('state_after', models.TextField()),
                ('detail', models.JSONField(db_default={}, default=dict)),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='cards.card')),
            ],
            options={
                'db_table': 'cards_card_event',
            },
        ),
        migrations.CreateModel(
            name='Fault',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.TextField()),
                ('basis', models.TextField(db_default='', default='')),
                ('found_at', models.DateTimeField()),
                ('found_by', models.TextField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.TextField(db_default='', default='')),
                ('settled_how', models.TextField(db_default='', default='')),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='faults', to='cards.card')),
            ],
            options={
                'db_table': 'cards_fault',
            },
        ),
        migrations.CreateModel(
            name='Shelf',
            fields=[
                ('shelf_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('cabinet', models.TextField()),
                ('shelf_no', models.PositiveSmallIntegerField()),
                ('places', models.PositiveSmallIntegerField()),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(null=True)),
            ],
            options={
                'db_table': 'cards_shelf',
                'constraints': [models.UniqueConstraint(fields=('cabinet', 'shelf_no', 'valid_from'), name='cards_shelf_from'), models.CheckConstraint(condition=models.Q(('places__gte', 1), ('places__lte', 999), ('shelf_no__gte', 1), ('shelf_no__lte', 99)), name='cards_shelf_places'), models.CheckConstraint(condition=models.Q(('cabinet__regex', '^[A-Z]{1,2}$')), name='cards_shelf_cabinet')],
            },
        ),
        migrations.CreateModel(
            name='BoxLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('line_no', models.PositiveIntegerField()),
                ('notice_no', models.TextField()),
                ('application_no', models.TextField(db_default='', default='')),
                ('kind', models.TextField()),
                ('printed_name', models.TextField()),
                ('printed_kana', models.TextField(db_default='', default='')),
                ('printed_birth', models.DateField(null=True)),
                ('printed_address', models.TextField(db_default='', default='')),
                ('made_on', models.DateField(null=True)),
                ('expires_on', models.DateField(null=True)),
                ('box', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='cards.box')),
            ],
            options={
                'db_table': 'cards_box_line',
                'indexes': [models.Index(fields=['notice_no'], name='cards_box_line_notice')],
                'constraints': [models.UniqueConstraint(fields=('box', 'notice_no'), name='cards_box_line_one'), models.CheckConstraint(condition=models.Q(('notice_no__regex', '^[0-9A-Z]{3}-[0-9]{6}$')), name='cards_box_line_notice_no'), models.CheckConstraint(condition=models.Q(('kind__in', ['NEW', 'RENEWAL', 'REISSUE', 'EXPRESS', 'ABROAD', 'UNKNOWN'])), name='cards_box_line_kind')],
            },
        ),
        migrations.CreateModel(
            name='LedgerRow',
            fields=[
                ('card', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='ledger_row', serialize=False, to='cards.card')),
                ('row_no', models.PositiveIntegerField()),
                ('cells', models.JSONField()),
                ('taken', models.JSONField()),
                ('layout', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='cards.layout')),
            ],
            options={
                'db_table': 'cards_ledger_row',
            },
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(fields=['person_id'], name='cards_card_person'),
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(fields=['state', 'shelf_order'], name='cards_card_state_shelf'),
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(fields=['box'], name='cards_card_box'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.UniqueConstraint(condition=models.Q(('notice_no', ''), _negated=True), fields=('notice_no',), name='cards_card_notice_one'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('shelf', ''), _negated=True), ('state__in', ['ARRIVED', 'SET_UP', 'WRONG'])), fields=('shelf',), name='cards_card_place_one'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(('notice_no', ''), ('notice_no__regex', '^[0-9A-Z]{3}-[0-9]{6}$'), _connector='OR'), name='cards_card_notice_no'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(('application_no', ''), ('application_no__regex', '^[0-9]{23}$'), _connector='OR'), name='cards_card_application_no'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(('person_id', ''), ('person_id__regex', '^[0-9]{15}$'), _connector='OR'), name='cards_card_person_no'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['NEW', 'RENEWAL', 'REISSUE', 'EXPRESS', 'ABROAD', 'UNKNOWN'])), name='cards_card_kind'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['ARRIVED', 'SET_UP', 'WRONG', 'HANDED_OVER', 'RETURNED', 'DISCARDED'])), name='cards_card_state'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(('setup_outcome__in', ['', 'DONE', 'LATER', 'CARD_UNREADABLE', 'NOT_FOUND', 'DIFFERS', 'REFUSED'])), name='cards_card_setup_outcome'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'SET_UP'), _negated=True), ('setup_outcome', 'DONE'), _connector='OR'), name='cards_card_set_up_done'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'HANDED_OVER'), _negated=True), ('handed_over_on__isnull', False), _connector='OR'), name='cards_card_handed_over_day'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'DISCARDED'), _negated=True), ('ended_on__isnull', False), _connector='OR'), name='cards_card_discarded_day'),
        ),
        migrations.AddIndex(
            model_name='cardevent',
            index=models.Index(fields=['card', 'id'], name='cards_card_event_card'),
        ),
        migrations.AddConstraint(
            model_name='fault',
            constraint=models.UniqueConstraint(condition=models.Q(('settled_at__isnull', True)), fields=('card', 'code'), name='cards_fault_open_one'),
        ),
        migrations.AddConstraint(
            model_name='fault',
            constraint=models.CheckConstraint(condition=models.Q(('settled_at__isnull', True), models.Q(models.Q(('settled_by', ''), _negated=True), models.Q(('settled_how', ''), _negated=True)), _connector='OR'), name='cards_fault_settled_by'),
        ),
        migrations.AddConstraint(
            model_name='ledgerrow',
            constraint=models.UniqueConstraint(fields=('layout', 'row_no'), name='cards_ledger_row_one'),
        ),
        AppendOnly('cards_card_event'),
    ]
