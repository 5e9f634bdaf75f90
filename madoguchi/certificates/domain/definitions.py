"""The kinds of this town, one value each, and what follows from them (証明書の種類の一覧).

Who may ask, and on which channel: register.md's practice of towns with machines; the papers
wanted at the desk for 印鑑登録証明書 and 所得・課税証明書 are *assumed*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from madoguchi.certificates.domain.asking import Applicant, Evidence, check_identity
from madoguchi.certificates.domain.definition import Definition, Ledger, Removed, Spread
from madoguchi.certificates.domain.kinds import (
    OMITTED_FROM_ITEMS_ONLY,
    OMITTED_UNLESS_ASKED,
    Asker,
    Channel,
    Kind,
    Omit,
    never_shown,
    omitted_when,
)
from madoguchi.certificates.domain.ledger_forms import seal_bodies, tax_bodies
from madoguchi.certificates.domain.move_out import move_out_bodies
from madoguchi.certificates.domain.record_forms import (
    household_bodies,
    individual_bodies,
    items_bodies,
)
from madoguchi.kernel.outcome import Problem

_BY_CLERK = frozenset({Channel.DESK, Channel.MAIL, Channel.SHOP, Channel.WIDE_AREA})
_NEVER_STRANGERS = frozenset(Applicant) - {Applicant.THIRD_PARTY}
_WHO_LEAVES = _NEVER_STRANGERS - {Applicant.PUBLIC_BODY}
#: Everything a new town needs; 個人番号 alone is asked for (*assumed*).
_WHOLE_RECORD = OMITTED_UNLESS_ASKED - {Omit.INDIVIDUAL_NUMBER}
#: By which filing they leave: the second marks the paper (SPEC1 4.1.3.0.4), so it is never left open.
_BY_FILING = (
    frozenset({Evidence.MOVE_OUT_NOTIFIED, Evidence.SPECIAL_MOVE_OUT}),
    "MOVE_OUT_FILING_MISSING",
)
_COPY_OF_RECORD = "この写しは、世帯{part}の住民票の原本と相違ないことを証明する。"

_MOVE_OUT = Definition(
    kind=Kind.MOVE_OUT,
    title="転出証明書",
    document_title="転出証明書",
    file_name="tenshutsu",
    certification="上記のとおり転出の届出があったことを証明する。",
    bodies=move_out_bodies,
    spread=Spread.MOVERS,
    ledger=Ledger.MOVE_OUT,
    removed=Removed.GONE_TOO,
    items=frozenset({Omit.INDIVIDUAL_NUMBER}),
    always=_WHOLE_RECORD,
    tells_where=True,
    channels=frozenset({Channel.DESK, Channel.MAIL}),
    applicants=_WHO_LEAVES,
    wants=dict.fromkeys(_WHO_LEAVES, _BY_FILING),
)
#: The same paper where nobody filed; so no filing is asked for.
_MOVE_OUT_LIKE = replace(
    _MOVE_OUT,
    kind=Kind.MOVE_OUT_LIKE,
    title="転出証明書に準ずる証明書",
    document_title="転出証明書に準ずる証明書",
    file_name="tenshutsu-junzuru",
    certification="上記のとおり転出により住民票を消除したことを証明する。",
    ledger=Ledger.MOVE_OUT_LIKE,
    wants={},
)

_ALL = (
    Definition(
        kind=Kind.RESIDENT_RECORD_HOUSEHOLD,
        title="住民票",
        document_title="住民票の写し",
        file_name="juminhyo",
        certification=_COPY_OF_RECORD,
        bodies=household_bodies,
        spread=Spread.HOUSEHOLD,
        channels=_BY_CLERK | {Channel.KIOSK},
    ),
    Definition(
        kind=Kind.RESIDENT_RECORD_INDIVIDUAL,
        title="住民票",
        document_title="住民票の写し",
        file_name="juminhyo",
        certification=_COPY_OF_RECORD,
        bodies=individual_bodies,
        spread=Spread.ASKED,
        with_history=True,
        channels=_BY_CLERK,
    ),
    Definition(
        kind=Kind.REMOVED_RECORD,
        tells_where=True,
        title="住民票の除票",
        document_title="住民票の除票の写し",
        file_name="johyo",
        certification="この写しは、住民票の除票の原本と相違ないことを証明する。",
        bodies=individual_bodies,
        spread=Spread.ASKED,
        removed=Removed.ONLY,
        with_history=True,
        channels=_BY_CLERK,
    ),
    Definition(
        kind=Kind.RECORD_ITEMS,
        title="住民票記載事項証明書",
        document_title="住民票記載事項証明書",
        file_name="kisai-jiko",
        certification="住民票に上記のとおり記載されていることを証明する。",
        bodies=items_bodies,
        spread=Spread.CHOSEN,
        may_print_removed=True,
        omittable=OMITTED_FROM_ITEMS_ONLY,
        channels=_BY_CLERK | {Channel.KIOSK},
    ),
    Definition(
        kind=Kind.SEAL_REGISTRATION,
        title="印鑑登録証明書",
        document_title="印鑑登録証明書",
        file_name="inkan-toroku",
        certification="この写しは、登録されている印影と相違ないことを証明する。",
        bodies=seal_bodies,
        spread=Spread.ASKED,
        ledger=Ledger.SEAL,
        with_head=False,
        items=frozenset(),
        channels=frozenset({Channel.DESK, Channel.KIOSK, Channel.SHOP}),
        applicants=_NEVER_STRANGERS - {Applicant.HOUSEHOLD},
        wants={
            Applicant.SELF: (
                frozenset({Evidence.SEAL_CARD, Evidence.MY_NUMBER_CARD, Evidence.CARD_PROOF}),
                "SEAL_CARD_MISSING",
            ),
            Applicant.PROXY: (frozenset({Evidence.SEAL_CARD}), "SEAL_CARD_MISSING"),
            Applicant.STATUTORY_AGENT: (frozenset({Evidence.SEAL_CARD}), "SEAL_CARD_MISSING"),
        },
        instead_of_proxy=frozenset({Evidence.SEAL_CARD}),
    ),
    Definition(
        kind=Kind.TAX,
        title="所得・課税証明書",
        document_title="所得・課税証明書",
        file_name="shotoku-kazei",
        certification="上記のとおり、課税台帳に登録されていることを証明する。",
        bodies=tax_bodies,
        spread=Spread.ASKED,
        ledger=Ledger.TAX,
        removed=Removed.GONE_TOO,
        with_head=False,
        of_a_year=True,
        items=frozenset(),
        channels=frozenset(
            {Channel.DESK, Channel.MAIL, Channel.KIOSK, Channel.SHOP, Channel.WEB}
        ),
        applicants=_NEVER_STRANGERS,
        wants={
            Applicant.HOUSEHOLD: (
                frozenset({Evidence.LETTER_OF_PROXY}),
                "LETTER_OF_PROXY_MISSING",
            ),
        },
    ),
    _MOVE_OUT,
    _MOVE_OUT_LIKE,
)  # fmt: skip
DEFINITIONS: Mapping[Kind, Definition] = {one.kind: one for one in _ALL}


def definition_of(kind: Kind) -> Definition:
    """Return all that makes this kind (証明書の定義)."""
    return DEFINITIONS[kind]


def kinds_on(channel: Channel) -> tuple[Kind, ...]:
    """List the kinds given on a channel, in their order (経路ごとの種類)."""
    return tuple(one.kind for one in _ALL if channel in one.channels)


def title_of(kind: Kind) -> str:
    """Return the title printed at the head of the paper (表題)."""
    return DEFINITIONS[kind].title


def document_title_of(kind: Kind) -> str:
    """Return what the file calls itself; never a personal name (文書の題名)."""
    return DEFINITIONS[kind].document_title


def certification_of(kind: Kind, *, whole_household: bool) -> str:
    """Return the sentence by which the mayor certifies the paper (認証文)."""
    part = "全員" if whole_household else "一部"
    return DEFINITIONS[kind].certification.format(part=part)


def omitted_from(
    kind: Kind, *, asked_for: frozenset[Omit], left_out: frozenset[Omit]
) -> frozenset[Omit]:
    """Return what a paper of this kind leaves out (省略する事項)."""
    return omitted_when(asked_for=asked_for | definition_of(kind).always) | left_out


def check_asking(
    *, kind: Kind, channel: Channel, applicant: Applicant, seen: frozenset[Evidence]
) -> tuple[Problem, ...]:
    """Return every reason why this visitor does not get this kind here (請求できる人・経路)."""
    definition = DEFINITIONS[kind]
    found: list[Problem] = []
    if channel not in definition.channels:
        found.append(Problem(code="KIND_NOT_OFFERED", where="kind"))
    if applicant not in definition.applicants:
        found.append(Problem(code="APPLICANT_NOT_FOR_KIND", where="applicant"))
    spared = bool(seen & definition.instead_of_proxy)
    found.extend(
        one
        for one in check_identity(applicant=applicant, seen=seen)
        if not (spared and one.code == "LETTER_OF_PROXY_MISSING")
    )
    if applicant in definition.wants:
        one_of, code = definition.wants[applicant]
        if not seen & one_of:
            found.append(Problem(code=code, where="papers"))
    return tuple(found)


def check_omissions(
    *, kind: Kind, omitted: frozenset[Omit], channel: Channel, asker: Asker
) -> tuple[Problem, ...]:
    """Return every reason why this choice of items is not allowed (省略の確認)."""
    definition = DEFINITIONS[kind]
    shown = definition.items | definition.always
    never = never_shown(channel=channel, asker=asker) | (OMITTED_UNLESS_ASKED - shown)
    return (
        *(Problem(code="ITEM_NOT_ALLOWED", where=item.value) for item in sorted(never - omitted)),
        *(
            Problem(code="ITEM_NOT_OMITTABLE", where=item.value)
            for item in sorted((omitted & OMITTED_FROM_ITEMS_ONLY) - definition.omittable)
        ),
    )
