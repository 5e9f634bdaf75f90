"""A cabinet to begin with, *assumed*: three parts of four shelves with fifty places each."""

from datetime import date

from django.db import migrations

FROM = date(2020, 4, 1)


def fill(apps, schema_editor):
    shelf = apps.get_model("cards", "Shelf")
    shelf.objects.bulk_create(
        shelf(cabinet=cabinet, shelf_no=shelf_no, places=50, valid_from=FROM)
        for cabinet in "ABC"
        for shelf_no in range(1, 5)
    )


class Migration(migrations.Migration):
    dependencies = [("cards", "0002_card_line")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
