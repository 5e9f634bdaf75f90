"""What of a month that left can stand in a map; months that left earlier have none."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journeys', '0004_origins'),
    ]

    operations = [
        migrations.AddField(
            model_name='releaserow',
            name='figures',
            field=models.JSONField(default=list),
        ),
    ]
