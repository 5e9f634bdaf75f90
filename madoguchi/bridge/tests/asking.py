"""Ask a running agent as its own page does, over a real socket."""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
from contextlib import contextmanager

from madoguchi.bridge.proof import write_nonce
from madoguchi.bridge.server import Server
from madoguchi.bridge.starting import start

SITE = "http://127.0.0.1:8020"
SECONDS_MAX = 30


def new_nonce():
    return os.urandom(32)


@contextmanager
def agent_running(*, emulated, origins=(SITE,)):
    server = Server(bind="127.0.0.1", port=0)
    stop = start(server, origins=list(origins), emulated=emulated)
    try:
        yield server
    finally:
        stop()


class Page:
    """A page of the agent with its token, and every byte it was answered."""

    def __init__(self, origin):
        self.origin = origin
        self.host = origin.removeprefix("http://")
        self.heard = b""
        status, _, body = self.raw("GET", "/")
        assert status == 200
        self.token = re.search(r'data-page="([\w-]+)"', body.decode()).group(1)

    def raw(self, method, path, body=None, headers=None):
        line = http.client.HTTPConnection(self.host, timeout=SECONDS_MAX)
        try:
            line.request(method, path, body, headers or {})
            answer = line.getresponse()
            read = answer.read()
            self.heard += str(answer.headers).encode() + read
            return answer.status, answer.headers, read
        finally:
            line.close()

    def post(self, path, told=b"", **more):
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        headers = {"Origin": self.origin, "X-Bridge-Page": self.token, **more}
        status, _, read = self.raw("POST", path, body, headers)
        return status, json.loads(read)

    def ask(self, path, told=b"", **more):
        status, found = self.post(path, told, **more)
        assert status == 200, (path, status)
        return found

    def begin(self, nonce, origin=SITE):
        return self.ask("/begin", {"nonce": write_nonce(nonce), "origin": origin})

    def pin(self, challenge, pin):
        return self.ask("/pin", pin.encode(), **{"X-Bridge-Challenge": challenge})

    def state(self, change=0):
        return self.ask("/state", {"change": change})


def proof_of(found):
    return base64.b64decode(found["certificate"]), base64.b64decode(found["signature"])
