"""Who said a field: also a 転出証明書 read off its codes, signed by its town or not verified."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moves', '0003_letters'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='fieldsource',
            name='moves_field_source_evidence',
        ),
        migrations.AddConstraint(
            model_name='fieldsource',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__in', ['NOTICE', 'CERTIFICATE', 'CERTIFICATE_QR', 'CERTIFICATE_QR_UNVERIFIED', 'FAMILY_REGISTER', 'PASSPORT', 'RESIDENCE_CARD', 'SAID', 'DRAFTED', 'AUTHORITY'])), name='moves_field_source_evidence'),
        ),
    ]
