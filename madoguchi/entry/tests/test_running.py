"""``serve`` never opens the demo's doors by accident."""

from madoguchi.entry.cli import running


def test_serve_wants_the_towns_own_database(monkeypatch, capsys):
    monkeypatch.delenv("MADOGUCHI_DATABASE_URL", raising=False)
    monkeypatch.delenv("MADOGUCHI_DATABASE_URL_FILE", raising=False)
    assert running.run_serve([]) == 2
    assert "./run demo" in capsys.readouterr().err
