"""Hand-overs, which are rows of their own (交付の記録)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cards', '0004_applications'),
    ]

    operations = [
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('hand_over_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('staff_id', models.TextField()),
                ('visitor', models.TextField()),
                ('documents', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None)),
                ('visitor_documents', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None)),
                ('certificates', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None)),
                ('old_card', models.TextField()),
                ('fee_yen', models.PositiveIntegerField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_by', models.TextField(db_default='', default='')),
                ('undone_why', models.TextField(db_default='', default='')),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hand_overs', to='cards.card')),
            ],
            options={
                'db_table': 'cards_hand_over',
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('card',), name='cards_hand_over_one'), models.CheckConstraint(condition=models.Q(('undone_at__isnull', True), models.Q(models.Q(('undone_by', ''), _negated=True), models.Q(('undone_why', ''), _negated=True)), _connector='OR'), name='cards_hand_over_undone')],
            },
        ),
    ]
