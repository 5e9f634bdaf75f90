"""Births among the search keys; whoever was findable before stays so (検索キーの作り直し)."""

from django.db import migrations, models


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
        ("register", "0003_published_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="searchrow",
            name="born",
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name="searchrow",
            index=models.Index(fields=["born"], name="register_search_born"),
        ),
        migrations.RunPython(rebuild, migrations.RunPython.noop),
    ]
