"""Which machine stands at which terminal, read from the environment."""

import pytest

from madoguchi.entry import environment


def read(monkeypatch, value, *, schemes=("ipp", "ipps"), allowed=("by-hand",)):
    monkeypatch.setenv("MADOGUCHI_PRINTERS", value)
    return environment.machines(
        "MADOGUCHI_PRINTERS", "*=by-hand", schemes=schemes, words_allowed=allowed
    )


def test_settings_are_read(monkeypatch):
    told = read(monkeypatch, "K1=ipp://10.0.0.7:631/ipp/print, K2 = by-hand")
    assert told == {"K1": "ipp://10.0.0.7:631/ipp/print", "K2": "by-hand"}


@pytest.mark.parametrize(
    "value",
    ["K1", "K1=", "=by-hand", "K1=emulated", "K1=http://printer/", "K1=ipp:///x",
     "K1=by-hand,K1=by-hand"],
)  # fmt: skip
def test_a_wrong_setting_stops_the_start_and_names_itself(monkeypatch, value):
    """Outside the demonstration "emulated" is as wrong as a slip of the pen."""
    with pytest.raises(environment.WrongSetting) as stop:
        read(monkeypatch, value)
    assert "MADOGUCHI_PRINTERS" in str(stop.value)
