"""The documents as a site: every link leads somewhere, nothing is fetched from outside, generated pages are whole."""

import json
import re
from types import SimpleNamespace

import pytest
from mkdocs.exceptions import PluginError

from tools.docs import __main__ as site
from tools.docs import hooks, written


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    out = tmp_path_factory.mktemp("site")
    assert site.build(out) == 0
    return out


def test_it_builds_without_a_dead_link_and_asks_nobody_outside(built):
    assert (built / "index.html").is_file()
    assert site.outside(built) == []
    pages = {path.relative_to(built).as_posix() for path in built.rglob("*.html")}
    assert {"tour/clerk.html", "tour/officer.html", "tour/developer.html", "en.html", "changelog.html",
            "results.html", "settings.html", "api.html", "screens.html", "screens.en.html", "adr/0003-no-subscribers.html",
            "runbooks/install.html", "rules/index.html", "rooms/web.html"} <= pages  # fmt: skip


def test_every_picture_of_every_page_is_there(built):
    met = 0
    for page in built.rglob("*.html"):
        for source in re.findall(r'<img[^>]+src="([^"]+)"', page.read_text("utf-8")):
            if page.name == "404.html":  # drawn for the root of a server, whatever was asked for
                continue
            assert source.startswith("data:") or (page.parent / source).resolve().is_file(), (
                page,
                source,
            )
            met += 1
    assert met > 100


@pytest.mark.parametrize("planted", [
    '<script src="https://cdn.example/x.js"></script>', '<img src="//cdn.example/x.png">',
    '<link rel="stylesheet" href="https://fonts.example/css">',
])  # fmt: skip
def test_a_page_that_would_ask_outside_is_found(tmp_path, planted):
    (tmp_path / "bad.html").write_text(f"<html>{planted}</html>", "utf-8")
    (tmp_path / "good.html").write_text(
        '<a href="https://example.org/">x</a><script src="x.js"></script>', "utf-8"
    )
    assert site.outside(tmp_path) == ["bad.html"]


def mended(text, *files):
    """What a page in docs/ becomes, where the site has these files."""
    source = site.ROOT / "docs/zz.md"
    page = SimpleNamespace(file=SimpleNamespace(abs_src_path=str(source), src_uri="zz.md"))
    known = [SimpleNamespace(abs_src_path=str(site.ROOT / path), src_uri=at) for path, at in files]
    return hooks.on_page_markdown(text, page, None, known)


def test_a_link_to_nothing_stops_the_build():
    with pytest.raises(PluginError, match="leads nowhere"):
        mended("[x](../madoguchi/no/such/file.py)")


def test_a_link_leads_to_the_page_or_names_the_file():
    said = mended(
        "[c](../CHANGELOG.md#x) [p](../run) [o](https://example.org)",
        ("CHANGELOG.md", "changelog.md"),
    )
    assert said == "[c](changelog.md#x) p (`run`) [o](https://example.org)"


def test_what_stands_in_a_block_of_code_is_left_alone():
    text = "```\n[x](nowhere.md)\n```"
    assert mended(text) == text


def test_every_call_of_the_interface_is_in_its_page():
    given = json.loads((written.DOCS / "openapi.json").read_text("utf-8"))
    page = written.interface()
    assert given["paths"]
    for path, methods in given["paths"].items():
        assert all(f"## {method.upper()} {path}" in page for method in methods)
    assert all(f"### {name}" in page for name in given["components"]["schemas"])
