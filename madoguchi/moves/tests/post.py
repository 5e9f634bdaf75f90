"""Two towns over real files, in one process: the other town is played by its key alone (町どうし)."""

import json
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from madoguchi.certificates.api import town_key
from madoguchi.certificates.testing import shared_keys
from madoguchi.infra import clock
from madoguchi.infra.clock import JAPAN
from madoguchi.infra.wiring import adapter_of, provide
from madoguchi.moves import jobs
from madoguchi.moves.domain.messages import Message, MessageKind, encode, key_id_of, signed_bytes
from madoguchi.moves.domain.sealing import seal_message
from madoguchi.moves.ports import Portal, TownPost
from madoguchi.moves.queries import rulebook
from madoguchi.moves.testing import FAMILY
from madoguchi.register.testing import at as moment
from madoguchi.register.testing import resident_code

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
TOWN, US = "401307", "465259"
NOW = moment("2026-11-27T10:00").astimezone(JAPAN)


def row_of(key=KEY, code=TOWN, name="福岡県みどり市", seal=None):
    public = key.public_key().public_bytes_raw().hex()
    more = f'seal = "{seal.hex()}"\n' if seal else ""
    return (f'[[key]]\ncode = "{code}"\nname = "{name}"\npublic = "{public}"\npost = true\n'
            f'{more}from = "2026-10-01"\nsource = "令和8年9月15日の文書"\n')  # fmt: skip


def people(*places):
    return [
        {"name": FAMILY[at][0], "name_kana": FAMILY[at][1], "birth": FAMILY[at][2],
         "sex": FAMILY[at][3], "relationship": FAMILY[at][4], "resident_code": resident_code(500 + at),
         "honseki": "福岡県みどり市緑町1番地", "hittosha": "港　渚", "nationality_group": "JAPANESE"}
        for at in (places or range(len(FAMILY)))
    ]  # fmt: skip


def leaving(*places, ref="r1"):
    notice = {"schema": "madoguchi.move_out/1", "old_town": "みどり市", "people": people(*places),
              "previous_address": "福岡県みどり市緑町5番6号", "planned_move_out_on": "2026-11-18"}  # fmt: skip
    return {"ref": ref, "notice": notice}


def message(number=1, *, kind=MessageKind.MOVE_OUT_NOTICE, body=None, key=KEY, signer=None, **more):
    values = {"sender": TOWN, "receiver": US, "number": number, "kind": kind,
              "sent_at": NOW - timedelta(hours=1), "body": leaving() if body is None else body,
              "key_id": key_id_of(key.public_key().public_bytes_raw())} | more  # fmt: skip
    one = Message(**values)
    return one, encode(one, signature=(signer or key).sign(signed_bytes(one)))


def sealed(data, *, number=1, to=US, key=None, sender=TOWN):
    """Seal a message to this town, or to another key."""
    key = town_key.seal_key() if key is None else key
    return seal_message(
        data, sender=sender, receiver=to, number=number, key=key, close=town_key.close
    )


def portal_file(*, kind="VISIT", number=41, places=(0,), **more):
    said = [
        {"name": FAMILY[at][0], "name_kana": FAMILY[at][1], "birth": FAMILY[at][2]} for at in places
    ]
    filing = {"number": number, "kind": kind, "sent_at": "2026-11-26T20:00:00+09:00",
              "moved_on": "2026-11-20", "postcode": "894-1508",
              "address": "鹿児島県大島郡瀬戸内町大字古仁屋船津23番地", "people": said} | more  # fmt: skip
    return json.dumps({"schema": "madoguchi.portal/1", "filings": [filing]}).encode()


class Line:
    """The folders of this town, and a round of its job."""

    def __init__(self, folder, settings):
        self.folder = folder
        settings.MADOGUCHI_KEYS = str(shared_keys(folder))
        settings.MADOGUCHI_CARD_RULES = str(folder)
        (folder / "town_keys.toml").write_text(row_of())
        rulebook.town_keys_book.cache_clear()
        rulebook.open_rule.cache_clear()
        by_hand = type(adapter_of(TownPost))  # as it is wired where nothing else is set
        self.post, self.portal = by_hand(folder / "post"), by_hand(folder / "portal")
        provide(TownPost, self.post)
        provide(Portal, self.portal)

    def bring(self, data, *, name="a.json", to="post"):
        inbox = self.folder / to / "in"
        inbox.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(data)

    def round(self, *, at=NOW):
        with clock.frozen(at):
            jobs.take_in()

    def rows(self, *rows, more=""):
        """Write the table of keys anew."""
        (self.folder / "town_keys.toml").write_text("".join(rows) + more)
        rulebook.town_keys_book.cache_clear()
        rulebook.open_rule.cache_clear()

    def files(self):
        return [one.read_bytes() for one in sorted((self.folder / "post" / "out").glob("*/*"))]

    def sent(self):
        return [json.loads(one) for one in self.files()]
