"""A row may come of a move filed here."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('addressees', '0002_keys'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='entry',
            name='addressees_entry_means',
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('means__in', ['', 'RULE', 'PERSON', 'TWO_PERSONS', 'FILING'])), name='addressees_entry_means'),
        ),
    ]
