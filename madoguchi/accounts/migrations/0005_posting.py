"""A posting in public about somebody held is always decided by two."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_cs_work'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='secondofficerrule',
            name='accounts_rule_lifting_before',
        ),
        migrations.AddConstraint(
            model_name='secondofficerrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('action__in', ['END_PROTECTION', 'LIFT_PROTECTION', 'RESIDENCE_DECISION', 'RESIDENCE_POSTING', 'UNLOCK_PROTECTED']), _negated=True), ('rule', 'BEFORE'), _connector='OR'), name='accounts_rule_lifting_before'),
        ),
    ]
