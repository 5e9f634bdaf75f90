"""A card nobody fetched in its time may be destroyed (保管期間の終わり)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cards', '0006_disposals'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='disposalline',
            name='cards_disposal_line_ground',
        ),
        migrations.AddConstraint(
            model_name='disposalline',
            constraint=models.CheckConstraint(condition=models.Q(('ground__in', ['DIED', 'MOVED_OUT', 'REMOVED', 'EXPIRED', 'NOT_FETCHED', 'RETURNED'])), name='cards_disposal_line_ground'),
        ),
    ]
