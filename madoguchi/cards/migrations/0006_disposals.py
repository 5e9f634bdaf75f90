"""Lists of cards that are destroyed before a witness (廃棄簿)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cards', '0005_hand_over'),
    ]

    operations = [
        migrations.CreateModel(
            name='Disposal',
            fields=[
                ('disposal_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('means', models.TextField()),
                ('made_by', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('dropped_at', models.DateTimeField(null=True)),
                ('counted', models.PositiveIntegerField(null=True)),
                ('witnessed_by', models.TextField(db_default='', default='')),
                ('witnessed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'cards_disposal',
            },
        ),
        migrations.CreateModel(
            name='DisposalLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('ground', models.TextField()),
                ('is_dropped', models.BooleanField(db_default=False, default=False)),
            ],
            options={
                'db_table': 'cards_disposal_line',
            },
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(models.ExpressionWrapper(models.Q(('shelf_order', '')), output_field=models.BooleanField()), models.F('shelf_order'), models.OrderBy(models.F('arrived_on'), descending=True), models.OrderBy(models.F('card_id'), descending=True), name='cards_card_ledger'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(('means__in', ['SHREDDED', 'PUNCHED'])), name='cards_disposal_means'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(('witnessed_by', models.F('made_by')), _negated=True), name='cards_disposal_two_people'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(('witnessed_at__isnull', True), models.Q(models.Q(('witnessed_by', ''), _negated=True), ('counted__isnull', False), ('dropped_at__isnull', True)), _connector='OR'), name='cards_disposal_witnessed'),
        ),
        migrations.AddField(
            model_name='disposalline',
            name='card',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disposals', to='cards.card'),
        ),
        migrations.AddField(
            model_name='disposalline',
            name='disposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='cards.disposal'),
        ),
        migrations.AddConstraint(
            model_name='disposalline',
            constraint=models.UniqueConstraint(condition=models.Q(('is_dropped', False)), fields=('card',), name='cards_disposal_line_one'),
        ),
        migrations.AddConstraint(
            model_name='disposalline',
            constraint=models.CheckConstraint(condition=models.Q(('ground__in', ['DIED', 'MOVED_OUT', 'REMOVED', 'EXPIRED', 'RETURNED'])), name='cards_disposal_line_ground'),
        ),
    ]
