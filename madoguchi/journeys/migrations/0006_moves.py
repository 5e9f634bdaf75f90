"""Moves are an origin, too (出どころ)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journeys', '0005_figures'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='releaserow',
            name='journeys_release_source',
        ),
        migrations.AddConstraint(
            model_name='releaserow',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['CARDS', 'VISITS', 'KIOSK', 'BOOKINGS', 'LETTERS', 'MOVES'])), name='journeys_release_source'),
        ),
    ]
