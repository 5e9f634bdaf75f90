"""Files and messages between towns and of the portal; a field that the portal told."""


import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moves', '0004_paper_codes'),
    ]

    operations = [
        migrations.CreateModel(
            name='PostFile',
            fields=[
                ('file_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('source', models.TextField()),
                ('name', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('raw', models.BinaryField()),
                ('came_at', models.DateTimeField()),
                ('copies', models.PositiveIntegerField(default=1)),
                ('problems', models.JSONField(default=list)),
                ('claims', models.TextField(blank=True, default='')),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.TextField(blank=True, default='')),
            ],
            options={
                'db_table': 'moves_post_file',
            },
        ),
        migrations.CreateModel(
            name='PostGap',
            fields=[
                ('row_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('town', models.TextField()),
                ('number', models.PositiveIntegerField()),
                ('settled_at', models.DateTimeField()),
                ('settled_by', models.TextField()),
            ],
            options={
                'db_table': 'moves_post_gap',
            },
        ),
        migrations.CreateModel(
            name='PostLine',
            fields=[
                ('source', models.TextField(primary_key=True, serialize=False)),
                ('reached_at', models.DateTimeField(null=True)),
                ('silent_since', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True, default='')),
            ],
            options={
                'db_table': 'moves_post_line',
            },
        ),
        migrations.CreateModel(
            name='PostMessage',
            fields=[
                ('message_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('way', models.TextField()),
                ('town', models.TextField()),
                ('kind', models.TextField()),
                ('state', models.TextField()),
                ('number', models.PositiveIntegerField(null=True)),
                ('about', models.TextField(blank=True, default='')),
                ('body', models.JSONField()),
                ('person_ids', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('sealed', models.BinaryField(null=True)),
                ('case_id', models.TextField(blank=True, default='')),
                ('told_at', models.DateTimeField()),
                ('kept_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('done_by', models.TextField(blank=True, default='')),
            ],
            options={
                'db_table': 'moves_post_message',
            },
        ),
        migrations.RemoveConstraint(
            model_name='fieldsource',
            name='moves_field_source_evidence',
        ),
        migrations.AddConstraint(
            model_name='fieldsource',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__in', ['NOTICE', 'CERTIFICATE', 'CERTIFICATE_QR', 'CERTIFICATE_QR_UNVERIFIED', 'FAMILY_REGISTER', 'PASSPORT', 'RESIDENCE_CARD', 'SAID', 'DRAFTED', 'PORTAL', 'AUTHORITY'])), name='moves_field_source_evidence'),
        ),
        migrations.AddConstraint(
            model_name='postfile',
            constraint=models.UniqueConstraint(fields=('source', 'sha256'), name='moves_post_file_once'),
        ),
        migrations.AddConstraint(
            model_name='postfile',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['TOWN', 'PORTAL'])), name='moves_post_file_source'),
        ),
        migrations.AddConstraint(
            model_name='postgap',
            constraint=models.UniqueConstraint(fields=('town', 'number'), name='moves_post_gap_once'),
        ),
        migrations.AddField(
            model_name='postmessage',
            name='file',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='moves.postfile'),
        ),
        migrations.AddConstraint(
            model_name='postmessage',
            constraint=models.UniqueConstraint(fields=('way', 'town', 'number'), name='moves_post_message_number'),
        ),
        migrations.AddConstraint(
            model_name='postmessage',
            constraint=models.UniqueConstraint(condition=models.Q(('way', 'OUT')), fields=('kind', 'town', 'about'), name='moves_post_message_said_once'),
        ),
        migrations.AddConstraint(
            model_name='postmessage',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['MOVE_OUT_NOTICE', 'MOVE_IN_NOTICE', 'CERTIFICATE_REQUEST', 'PARCEL_RECEIPT', 'PORTAL_MOVE_OUT', 'PORTAL_VISIT']), ('way__in', ['IN', 'OUT']), ('state__in', ['WAITING', 'HELD', 'SEALED', 'SENT', 'DONE', 'DROPPED'])), name='moves_post_message_known'),
        ),
        migrations.AddConstraint(
            model_name='postmessage',
            constraint=models.CheckConstraint(condition=models.Q(('way', 'OUT'), models.Q(('file__isnull', False), ('number__isnull', False)), _connector='OR'), name='moves_post_message_came_in_a_file'),
        ),
        migrations.AddConstraint(
            model_name='postmessage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'SEALED'), _negated=True), models.Q(('number__isnull', False), ('sealed__isnull', False)), _connector='OR'), name='moves_post_message_sealed'),
        ),
    ]
