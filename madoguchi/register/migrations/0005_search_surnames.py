"""Surnames go by bucket like all other words: keys made before are made anew."""

from django.db import migrations


def rebuild(apps, schema_editor):
    """Make the keys anew where there are people already; a fresh register has none."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM register_version)")
        (filled,) = cursor.fetchone()
    if filled:
        from madoguchi.infra.progress import quiet
        from madoguchi.register.actions.searching import rebuild_search_keys

        rebuild_search_keys(progress=quiet("register_search"))


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0004_search_birth"),
    ]

    operations = [migrations.RunPython(rebuild, migrations.RunPython.noop)]
