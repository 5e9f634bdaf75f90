"""Who asks is believed from the town's own front, and from nobody else (前段のサーバー)."""

import pytest

from madoguchi.entry import environment
from madoguchi.entry.proxies import BehindFronts


def asked(remote, **said):
    seen = {}

    def application(environ, start_response):
        seen.update(environ)
        start_response("200 OK", [])
        return [b""]

    environ = {"REMOTE_ADDR": remote, "wsgi.url_scheme": "http"}
    environ |= {f"HTTP_X_FORWARDED_{name}": value for name, value in said.items()}
    list(BehindFronts(application, ["127.0.0.1", "::1"])(environ, lambda *_: None))
    assert not any(name.startswith("HTTP_X_FORWARDED") for name in seen)
    return seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]


@pytest.mark.parametrize(
    ("remote", "said", "expected"),
    [
        ("127.0.0.1", {"FOR": "192.0.2.7", "PROTO": "https"}, ("192.0.2.7", "https")),
        ("::1", {"FOR": "2001:db8::7", "PROTO": "https"}, ("2001:db8::7", "https")),
        # What the asker wrote himself stands before what the front saw.
        ("127.0.0.1", {"FOR": "198.51.100.1, 192.0.2.7"}, ("192.0.2.7", "http")),
        # Not one of ours: nothing of it is believed.
        ("192.0.2.9", {"FOR": "127.0.0.1", "PROTO": "https"}, ("192.0.2.9", "http")),
        ("127.0.0.1", {"FOR": "<script>", "PROTO": "gopher"}, ("127.0.0.1", "http")),
        ("127.0.0.1", {}, ("127.0.0.1", "http")),
        ("", {"FOR": "192.0.2.7"}, ("", "http")),
    ],
)
def test_who_asks(remote, said, expected):
    assert asked(remote, **said) == expected


def test_a_front_that_is_no_address_stops_the_start(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_FRONTS", "127.0.0.1,nginx")
    with pytest.raises(environment.WrongSetting, match="nginx"):
        environment.addresses("MADOGUCHI_FRONTS", "")
