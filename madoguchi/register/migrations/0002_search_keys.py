"""The table people are found by (検索用の表)."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


def _key():
    return models.TextField(db_collation="C")


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0001_ledger"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchRow",
            fields=[
                ("person_id", models.CharField(max_length=15, primary_key=True, serialize=False)),
                ("rank", models.SmallIntegerField()),
                ("sort_key", _key()),
                ("name", _key()),
                ("surname", _key()),
                ("initial", _key()),
                ("kana_surname", _key()),
                ("names", models.TextField()),
                ("kanas", models.TextField()),
                ("places", models.TextField()),
                ("past_names", models.TextField()),
                ("past_kanas", models.TextField()),
                ("past_places", models.TextField()),
                (
                    "tokens",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), size=None
                    ),
                ),
            ],
            options={
                "db_table": "register_search",
                "indexes": [
                    models.Index(
                        fields=["name", "rank", "sort_key"], name="register_search_name"
                    ),
                    models.Index(
                        fields=["surname", "rank", "sort_key"], name="register_search_surname"
                    ),
                    models.Index(
                        fields=["initial", "rank", "sort_key"], name="register_search_initial"
                    ),
                    models.Index(
                        fields=["kana_surname", "rank", "sort_key"], name="register_search_kana"
                    ),
                    models.Index(fields=["rank", "sort_key"], name="register_search_sort"),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["tokens"], name="register_search_tokens"
                    ),
                ],
            },
        ),
    ]
