"""A table that only grows (追記のみ): the database refuses every other wish."""

from __future__ import annotations

from django.db.migrations import RunSQL


def AppendOnly(table: str) -> RunSQL:  # noqa: N802  reads as an operation in a migration
    """Migration operation: UPDATE, DELETE and TRUNCATE of ``table`` raise an error."""
    name = f"{table}_append_only"
    return RunSQL(
        sql=f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation';
        END $$;
        CREATE TRIGGER {name}_rows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {name}();
        CREATE TRIGGER {name}_whole BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}();
        """,
        reverse_sql=f"""
        DROP TRIGGER {name}_rows ON {table};
        DROP TRIGGER {name}_whole ON {table};
        DROP FUNCTION {name}();
        """,
    )
