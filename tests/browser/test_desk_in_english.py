"""The desk in English, page by page: what stays Japanese is data, and a screen reader is told so.

Every route that staff reach by a link is opened in English in a town with people in it. Whatever is
Japanese on a page must stand in the town's own data (names, addresses, what people wrote, what a record
says), or in an English sentence on purpose, as the title of a paper does. Nothing else passes: a sentence
built in a view, a word in a drawing, a label that went another way are all found here.
"""

from __future__ import annotations

import http.cookiejar
import json
import re
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import psycopg
import pytest
from django.urls import Resolver404, resolve

from madoguchi.csops.domain.consistency import COLUMNS
from madoguchi.web.messages import ENGLISH_FOLDER
from tests.arch.test_routes import ROUTES
from tests.browser.conftest import ROOT
from tests.browser.test_accessible import CHIEF, STAFF

#: One of the named people every town of the demo has.
SOMEBODY = "000000990000026"
STARTS = (*STAFF, *CHIEF, "/register/search/?q=湊", f"/person/{SOMEBODY}/",
          f"/certificates/new/?person={SOMEBODY}&kind=resident_record_household",
          f"/certificates/history/?person={SOMEBODY}", f"/person/{SOMEBODY}/looks/")  # fmt: skip
PAGES_OF_ROUTE_MAX = 2
PAGES_MIN = 120
WORDS = re.compile(
    "[\u3001-\u3002\u3005-\u3007\u3041-\u3096\u30a1-\u30ff\u3400-\u9fff\uff01-\uff5e\U00020000-\U0003ffff]+"
)
JAPANESE_LETTER = re.compile("[\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff]")
VOID = {"input", "br", "img", "meta", "link", "hr", "col", "source", "area", "base", "wbr"}
SPOKEN = ("title", "aria-label", "alt", "placeholder")
#: Not for staff, or its Japanese is what it is there for; each with its reason.
OUTSIDE = {
    "_style": "the sheet of parts, with Japanese samples in them",
    "help/": "the help of each screen is written in Japanese; the page says so by its marks",
    "help/<slug:room>/<slug:screen>/": "as above",
    "person/<str:person_id>/looks/": "a paper for the resident, in easy Japanese",
    "addressees/<str:list_id>/review/": "addresses of a list, cut into pieces and compared",
    "journeys/observed/<str:origin>/<str:first>.svg": "a record: kept as it left",
}
#: Where records are read as they were written, with the purpose that was given then.
RECORDS = "audit/"
#: Texts of the town that begin as files of ours: its maps, and the headings of the CS's own file.
FILES = (ROOT / "madoguchi/journeys/tables", ROOT / "madoguchi/csops/tables")
#: From so many letters on a word is known where it is a part of what is written down.
PART_OF_MIN = 4


class Page(HTMLParser):
    """What of a page is Japanese: marked as such, and not; and where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.language = ""
        self.unmarked: list[str] = []
        self.japanese: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        self.links += [given[name] for name in ("href", "src", "hx-get") if given.get(name)]
        own = given.get("lang", self.open[-1][1] if self.open else "")
        if tag == "html":
            self.language = own
        self.japanese += [given[name] for name in SPOKEN if WORDS.search(given.get(name, ""))]
        if tag not in VOID:
            self.open.append((tag, own))

    def handle_endtag(self, tag):
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at][0] == tag:
                del self.open[at:]
                return

    def handle_data(self, data):
        tag, language = self.open[-1] if self.open else ("", "")
        if tag in ("script", "style") or not WORDS.search(data):
            return
        self.japanese.append(data.strip())
        # What may hold nothing but text, with words of both, cannot be marked by parts; signs need none.
        if (
            JAPANESE_LETTER.search(data)
            and language != "ja"
            and tag not in ("option", "title", "textarea", "text", "desc")
        ):
            self.unmarked.append(data.strip())


class Walker:
    """A browser without a picture, signed in, that was told English."""

    def __init__(self, url: str, staff_id: str) -> None:
        self.url = url
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.send("/", f"/demo/sign-in/{staff_id}/", {})
        self.send("/desk/", "/desk-language/", {"language": "en"})

    def get(self, path: str) -> tuple[int, str, str]:
        """Return status, kind and text of a page."""
        return self._open(urllib.request.Request(self.url + urllib.parse.quote(path, "/?&=%")))

    def send(self, page: str, to: str, given: dict[str, str]) -> None:
        """Press a button of a page."""
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', self.get(page)[2])
        assert token is not None
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **given}).encode()
        self._open(urllib.request.Request(self.url + to, body, {"Referer": self.url + page}))

    def _open(self, request: urllib.request.Request) -> tuple[int, str, str]:
        try:
            with self.opener.open(request, timeout=60) as answer:
                return (
                    answer.status, answer.headers.get_content_type(),
                    answer.read().decode("utf-8", "replace"),
                )  # fmt: skip
        except urllib.error.HTTPError as error:
            return error.code, "", ""


def written_down(home, *, records):
    """Return every Japanese word that stands in the town's data."""
    password = json.loads((home / "postgres.json").read_text())["password"]
    port = (home / "postgres" / "postmaster.pid").read_text().splitlines()[3]
    found: set[str] = set()
    with psycopg.connect(
        f"postgresql://madoguchi:{password}@127.0.0.1:{port}/madoguchi"
    ) as database:
        columns = database.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'ARRAY')"
        ).fetchall()
        for table, column in columns:
            if table.startswith("audit_") is records and not table.startswith("procrastinate"):
                rows = database.execute(f'SELECT DISTINCT "{column}"::text FROM "{table}"')
                found |= {word for (text,) in rows for word in WORDS.findall(text or "")}
    return found


def meant():
    """Return the Japanese words that stand in English sentences on purpose."""
    found = set(COLUMNS)

    def take(value: object) -> None:
        for one in value.values() if isinstance(value, dict) else value:
            if isinstance(one, dict | list):
                take(one)
            elif isinstance(one, str):
                found.update(WORDS.findall(one))

    for folder in (ENGLISH_FOLDER, *FILES):
        for file in folder.glob("*.toml"):
            take(tomllib.loads(file.read_text(encoding="utf-8")))
    return found


def unknown(text, known, everything):
    """Return the words of a text that are no data: neither written down nor a part of what is."""
    return [word for word in WORDS.findall(text) if word not in known
            and not (len(word) >= PART_OF_MIN and word in everything)]  # fmt: skip


def walk(walker, seen):
    """Open every route's pages in English; yield path, route and the page."""
    plain = ["/" + route for route, _ in ROUTES if not re.search(r"[<(^\\]", route)]
    queue, opened = deque((*STARTS, *plain)), Counter()
    while queue:
        path = queue.popleft()
        try:
            route = resolve(urlsplit(path).path).route
        except Resolver404:
            continue
        if path in seen or opened[route] >= PAGES_OF_ROUTE_MAX or "sign-out" in path:
            continue
        opened[route] += 1
        status, kind, text = walker.get(path)
        if status != 200:
            continue
        seen.add(path)
        if kind not in ("text/html", "image/svg+xml"):
            continue
        page = Page()
        page.feed(text)
        yield path, route, kind, page
        links = (urljoin(walker.url + path, link) for link in page.links)
        queue.extend(
            urlsplit(link)._replace(scheme="", netloc="", fragment="").geturl()
            for link in links
            if link.startswith(walker.url)
        )


@pytest.fixture(scope="module")
def pages(town):
    """Every page that nagi reaches, and the ones kai reaches besides."""
    seen: set[str] = set()
    found = []
    for staff_id in ("nagi", "kai"):
        found += walk(Walker(town.url, staff_id), seen)
    # Residents' pages have a language of their own.
    english = [one for one in found if one[3].language == "en" or one[2] == "image/svg+xml"]
    assert len(english) > PAGES_MIN
    missed = {urlsplit(path).path for path in (*STAFF, *CHIEF)} - {
        urlsplit(urllib.parse.unquote(path)).path for path, *_ in english
    }
    assert missed == set()
    return english


def test_every_japanese_word_says_that_it_is_japanese(pages):
    wrong = {(route, text[:80]) for _, route, kind, page in pages for text in page.unmarked
             if kind == "text/html"}  # fmt: skip
    assert wrong == set()


def test_nothing_is_japanese_but_data(pages, town):
    data = written_down(town.home, records=False) | meant()
    everything = "\n".join(data)
    records = written_down(town.home, records=True)
    wrong = set()
    for _, route, _, page in pages:
        known = data | (records if route.startswith(RECORDS) else set())
        if route not in OUTSIDE:
            wrong |= {(route, text[:100]) for text in page.japanese
                      if unknown(text, known, everything)}  # fmt: skip
    assert wrong == set()
