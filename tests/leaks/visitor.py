"""Somebody with a browser and little patience: opens pages, fills every field, presses."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {"text", "search", "email", "tel", "number", "password", "url", "date", ""}


@dataclass
class Form:
    """One form of a page: where it goes, and what stands in it."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.links, self._select = [], [], ""

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        form = self.forms[-1] if self.forms else None
        if form is None:
            return
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and given.get("value"):
            form.values.setdefault(self._select, given["value"])
        if tag == "textarea" and name:
            form.typed.append(name)
        if tag == "input" and name:
            kind = given.get("type", "")
            if kind in TYPED:
                form.typed.append(name)
                form.values.setdefault(name, given.get("value", ""))
            elif kind == "hidden" or (kind in ("radio", "checkbox") and name not in form.values):
                form.values[name] = given.get("value", "on")
        if tag == "button" and name:
            form.values.setdefault(name, given.get("value", ""))


def read(html):
    """Forms and links of a page."""
    reader = _Forms()
    reader.feed(html)
    return reader.forms, reader.links


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given):
        return None


class Visitor:
    """Opens addresses of one server, with cookies; ``follows`` where it is led."""

    def __init__(self, url, *, follows=True, **cookies):
        self.url = url
        self._opener = urllib.request.build_opener(*(() if follows else (_Stay,)))
        self._cookies = cookies

    def get(self, path):
        return self._open(urllib.request.Request(self.url + path))

    def send(self, page, form, values):
        """Press the button of a form of a page."""
        target = urllib.parse.urljoin(page, form.action or page)
        data = urllib.parse.urlencode(values)
        if form.method == "get":
            return self.get(target.split("?")[0] + "?" + data)
        return self._open(urllib.request.Request(self.url + target, data.encode()))

    def _open(self, request):
        request.add_header("Cookie", "; ".join(f"{k}={v}" for k, v in self._cookies.items()))
        request.add_header("Origin", self.url)
        try:
            with self._opener.open(request, timeout=60) as answer:
                self._keep(answer)
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            self._keep(answer)
            return answer.code, answer.read().decode()

    def _keep(self, answer):
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, value = re.match(r"([^=]+)=([^;]*)", line).groups()
            self._cookies[name] = value
