"""Blocks of numbers that are or were out, and whether a paper of one is ours (島の日の番号)."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from django.conf import settings

from madoguchi.certificates.documents.keys import Trust, trip_trust
from madoguchi.certificates.domain.away import (
    AwayRule,
    BlockState,
    Count,
    count_block,
    read_rules,
    rule_on,
)
from madoguchi.certificates.domain.issue import State
from madoguchi.certificates.domain.token import TokenContent
from madoguchi.certificates.models import AwayBlock, Request
from madoguchi.infra.town_tables import read_table
from madoguchi.kernel.outcome import Problem

FOLDER = Path(__file__).parent.parent / "tables"


def away_rules() -> tuple[AwayRule, ...]:
    """Return which kinds may leave a laptop (出せる種類)."""
    return _rules(settings.MADOGUCHI_CARD_RULES)


@lru_cache(maxsize=4)
def _rules(own: str) -> tuple[AwayRule, ...]:
    return read_rules(read_table("away", ours=FOLDER, own=own))


def signed_words(block: AwayBlock) -> bytes:
    """Return what the town signs of a laptop's key: for which numbers and which day (鍵の証明)."""
    said = {
        "trip": block.trip_id, "day": block.day.isoformat(), "numbers": list(block.numbers),
        "token_key": bytes(block.token_key).hex(),
        "certificate": hashlib.sha256(bytes(block.certificate)).hexdigest(),
    }  # fmt: skip
    return b"madoguchi away key 1\0" + json.dumps(said, sort_keys=True).encode()


def block_of_key(key_id: bytes, *, town: Trust) -> AwayBlock | None:
    """Return the block a laptop's key was made for, if the town signed for it (鍵の照合)."""
    block = AwayBlock.objects.filter(key_id=key_id).first()
    if block is None:
        return None
    for key in town.token_keys.values():
        try:
            key.verify(bytes(block.town_signature), signed_words(block))
        except InvalidSignature:
            continue
        return block
    return None


def trust_of(block: AwayBlock) -> Trust:
    """Return the public parts of a block's key (信頼の起点)."""
    return trip_trust(certificate=bytes(block.certificate), token_key=bytes(block.token_key))


def check_number(block: AwayBlock, content: TokenContent) -> tuple[Problem, ...]:
    """Say why a paper signed by a laptop's key is not one of its day, kinds and numbers (番号の確認).

    While the laptop is out its papers count; once it is home only what came home does.
    """
    of_its_day = content.issue_no in block.numbers and content.issued_on == block.day
    if not of_its_day or rule_on(away_rules(), content.kind, block.day) is None:
        return (Problem(code="AWAY_NUMBER_STRANGE"),)
    found = Request.objects.filter(issued__issue_no=content.issue_no).values_list("state").first()
    if found is not None:
        return (Problem(code="AWAY_NUMBER_VOID"),) if found[0] == State.VOID else ()
    if block.state == BlockState.OUT.value and content.issue_no not in block.disputed:
        return ()
    return (Problem(code="AWAY_NUMBER_VOID"),)


def count_of(trip_id: str) -> Count | None:
    """Count how the numbers of a trip ended; None where it took none along (番号の内訳)."""
    block = AwayBlock.objects.filter(trip_id=trip_id).first()
    if block is None:
        return None
    papers = list(
        Request.objects.filter(issued__issue_no__in=block.numbers)
        .values_list("issued__issue_no", "state", "fee_yen")
    )  # fmt: skip
    home = {number for number, _, _ in papers}
    return count_block(
        allotted=len(block.numbers), state=BlockState(block.state),
        papers=[(State(state), yen) for _, state, yen in papers],
        disputed=len(set(block.disputed) & set(block.numbers) - home),
    )  # fmt: skip
