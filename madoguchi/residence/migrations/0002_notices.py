"""Notices of a removal: letters, and postings in public."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('residence', '0001_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='NoticeRow',
            fields=[
                ('notice_id', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('way', models.TextField()),
                ('made_on', models.DateField()),
                ('made_by', models.TextField()),
                ('about_no', models.TextField(blank=True, default='')),
                ('person_id', models.TextField(blank=True, default='')),
                ('ground', models.TextField(blank=True, default='')),
                ('hangs_days', models.PositiveSmallIntegerField(null=True)),
                ('place', models.TextField(blank=True, default='')),
                ('put_up_on', models.DateField(null=True)),
                ('put_up_by', models.TextField(blank=True, default='')),
                ('taken_down_on', models.DateField(null=True)),
                ('taken_down_by', models.TextField(blank=True, default='')),
                ('given_up_on', models.DateField(null=True)),
                ('given_up_by', models.TextField(blank=True, default='')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='residence.case')),
            ],
            options={
                'db_table': 'residence_notice',
                'constraints': [models.CheckConstraint(condition=models.Q(('way__in', ['LETTER', 'POSTING'])), name='residence_notice_way'), models.CheckConstraint(condition=models.Q(('ground__in', ['UNKNOWN', 'RETURNED', 'HARD', ''])), name='residence_notice_ground'), models.CheckConstraint(condition=models.Q(models.Q(('ground', ''), ('hangs_days__isnull', True), ('put_up_on__isnull', True), ('way', 'LETTER'), models.Q(('about_no', ''), _negated=True), models.Q(('person_id', ''), _negated=True)), models.Q(('about_no', ''), ('hangs_days__gt', 0), ('hangs_days__isnull', False), ('person_id', ''), ('way', 'POSTING'), models.Q(('ground', ''), _negated=True), models.Q(('place', ''), _negated=True)), _connector='OR'), name='residence_notice_one_way'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('put_up_by', ''), ('put_up_on__isnull', True)), models.Q(('put_up_on__isnull', False), models.Q(('put_up_by', ''), _negated=True)), _connector='OR'), models.Q(models.Q(('taken_down_by', ''), ('taken_down_on__isnull', True)), models.Q(('put_up_on__isnull', False), ('taken_down_on__gte', models.F('put_up_on')), ('taken_down_on__isnull', False), models.Q(('taken_down_by', ''), _negated=True)), _connector='OR'), models.Q(models.Q(('given_up_by', ''), ('given_up_on__isnull', True)), models.Q(('given_up_on__isnull', False), ('put_up_on__isnull', True), models.Q(('given_up_by', ''), _negated=True)), _connector='OR')), name='residence_notice_days'), models.UniqueConstraint(condition=models.Q(('given_up_on__isnull', True), ('way', 'POSTING')), fields=('case',), name='residence_notice_posting_once'), models.UniqueConstraint(condition=models.Q(('about_no', ''), _negated=True), fields=('about_no',), name='residence_notice_about')],
            },
        ),
    ]
