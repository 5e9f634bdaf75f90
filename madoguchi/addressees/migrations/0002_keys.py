"""Keys of everybody's names in indexed columns; what of a list is settled, and what is left of it (照合キー)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('addressees', '0001_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='Label',
            fields=[
                ('label_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('levels', models.JSONField()),
                ('same', models.BooleanField(null=True)),
            ],
            options={
                'db_table': 'addressees_label',
            },
        ),
        migrations.AddField(
            model_name='entry',
            name='is_held',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='entry',
            name='settled_no',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='entry',
            name='standing',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='list',
            name='forgotten_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='list',
            name='number_kind',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.CreateModel(
            name='Key',
            fields=[
                ('key_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('person_id', models.TextField()),
                ('name_no', models.PositiveSmallIntegerField()),
                ('rules', models.TextField()),
                ('version_no', models.PositiveIntegerField()),
                ('whole', models.TextField(db_collation='C')),
                ('surname', models.TextField(db_collation='C')),
                ('given', models.TextField(db_collation='C')),
                ('loose_surname', models.TextField(db_collation='C')),
                ('loose_given', models.TextField(db_collation='C')),
                ('kana', models.TextField(db_collation='C')),
                ('municipality', models.TextField(db_collation='C')),
                ('town', models.TextField(db_collation='C')),
                ('part', models.TextField(db_collation='C')),
                ('lot', models.TextField(db_collation='C')),
                ('year', models.PositiveSmallIntegerField()),
                ('month', models.PositiveSmallIntegerField()),
                ('day', models.PositiveSmallIntegerField()),
                ('by_name', models.BigIntegerField(db_index=True)),
                ('by_birth', models.BigIntegerField(db_index=True)),
                ('by_kana', models.BigIntegerField(db_index=True)),
                ('by_surname_and_month', models.BigIntegerField(db_index=True)),
                ('by_given_and_year', models.BigIntegerField(db_index=True)),
                ('by_given_and_day', models.BigIntegerField(db_index=True)),
                ('by_place_and_given', models.BigIntegerField(db_index=True)),
                ('by_name_found', models.BigIntegerField(db_index=True)),
                ('of_surname', models.BigIntegerField()),
                ('of_given', models.BigIntegerField()),
                ('of_place', models.BigIntegerField()),
            ],
            options={
                'db_table': 'addressees_key',
                'indexes': [models.Index(condition=models.Q(('surname', '')), fields=['key_id'], name='addressees_key_uncut')],
                'constraints': [models.UniqueConstraint(fields=('person_id', 'name_no'), name='addressees_key_once')],
            },
        ),
    ]
