"""Letters that filings called for; a row is never changed."""

import django.db.models.deletion
from django.db import migrations, models

from madoguchi.infra.appendonly import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('moves', '0002_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('row_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('written_on', models.DateField()),
                ('written_by', models.TextField()),
                ('filing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='moves.filing')),
            ],
            options={
                'db_table': 'moves_letter',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['RECEIPT', 'NO_NOTICE'])), name='moves_letter_kind')],
            },
        ),
        AppendOnly("moves_letter"),
    ]
