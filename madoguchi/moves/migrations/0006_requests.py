"""Requests for a certificate to other towns, and the message that asks a silent town."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moves', '0005_town_post'),
    ]

    operations = [
        migrations.CreateModel(
            name='CertificateRequest',
            fields=[
                ('request_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('number', models.TextField(unique=True)),
                ('town', models.TextField()),
                ('message_id', models.TextField(blank=True, default='')),
                ('asked_on', models.DateField()),
                ('asked_by', models.TextField()),
                ('deadline', models.DateField(null=True)),
                ('done_on', models.DateField(null=True)),
                ('done_by', models.TextField(blank=True, default='')),
            ],
            options={
                'db_table': 'moves_certificate_request',
            },
        ),
        migrations.RemoveConstraint(
            model_name='postmessage',
            name='moves_post_message_known',
        ),
        migrations.AddConstraint(
            model_name='postmessage',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['MOVE_OUT_NOTICE', 'MOVE_IN_NOTICE', 'MOVE_IN_INQUIRY', 'CERTIFICATE_REQUEST', 'PARCEL_RECEIPT', 'PORTAL_MOVE_OUT', 'PORTAL_VISIT']), ('way__in', ['IN', 'OUT']), ('state__in', ['WAITING', 'HELD', 'SEALED', 'SENT', 'DONE', 'DROPPED'])), name='moves_post_message_known'),
        ),
        migrations.AddConstraint(
            model_name='certificaterequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_by', ''), ('done_on__isnull', True)), models.Q(('done_on__isnull', False), models.Q(('done_by', ''), _negated=True)), _connector='OR'), name='moves_certificate_request_done'),
        ),
    ]
