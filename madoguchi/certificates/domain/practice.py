"""A household that does not exist, for papers to practise with (体験用の架空の世帯).

Every paper made of it says 見本; it has no number, no signature, no QR code, and no table is
read for it, so it may be made anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from madoguchi.certificates.domain.definition import Ledger, Spread
from madoguchi.certificates.domain.definitions import certification_of, definition_of
from madoguchi.certificates.domain.kinds import Kind, Omit, omitted_when
from madoguchi.certificates.domain.ledger_forms import seal_lines, tax_lines
from madoguchi.certificates.domain.move_out import move_out_lines
from madoguchi.certificates.domain.paper import Paper, PaperPerson, Removal
from madoguchi.certificates.domain.self_service import Portion
from madoguchi.certificates.domain.town import Town

_ADDRESS = "架空県架空郡{town}大字体験1番地1"
_FIRST = PaperPerson(
    person_id="practice-1",
    name="見本　太郎",
    furigana="みほん　たろう",
    birth_date="昭和23年5月5日",
    sex="男",
    relationship="世帯主",
    resident_since="平成20年4月1日",
    filed_on="平成20年4月1日",
    domicile="架空県架空郡体験町大字見本1番地",
    domicile_head="見本　太郎",
    resident_code="（体験用）",
)
_SECOND = replace(
    _FIRST,
    person_id="practice-2",
    name="見本　花子",
    furigana="みほん　はなこ",
    birth_date="昭和26年3月3日",
    sex="女",
    relationship="妻",
)
HOUSEHOLD = (_FIRST, _SECOND)
#: Amounts of the tax paper, plainly invented.
_AMOUNTS = (0, 1_234_567, 134_567, 430_000, 0, 0, 0, 0, 0, 0, 0)


def practice_paper(
    kind: Kind,
    *,
    portion: Portion,
    items: frozenset[Omit],
    year_words: str,
    on: date,
    town: Town,
    imprint: Callable[[str], bytes],
    size_mm: Callable[[bytes], tuple[float, float]],
) -> Paper:
    """Return the practice paper of a kind, marked 見本 (体験用の証明書)."""
    definition = definition_of(kind)
    alone = definition.spread is Spread.ASKED or portion is Portion.SELF
    persons = HOUSEHOLD[:1] if alone else HOUSEHOLD
    first = persons[0]
    address = _ADDRESS.format(town=town.municipality)
    paper = Paper(
        kind=kind,
        persons=persons,
        address=address,
        householder=HOUSEHOLD[0].name,
        issue_no="-",
        request_id="-",
        issued_on=on,
        municipality=town.municipality,
        municipality_code=town.code,
        mayor_title=town.mayor_title,
        mayor_name=town.mayor_name,
        certification=certification_of(kind, whole_household=not alone),
        omitted=omitted_when(asked_for=items & definition.items),
        sample=True,
    )
    if kind is Kind.REMOVED_RECORD:
        gone = Removal(reason="転出", effective_on="令和8年4月1日", moved_to_planned="架空県")
        paper = replace(paper, persons=(replace(first, removal=gone),))
    return _ADD[definition.ledger](paper, year_words, imprint, size_mm)


_Imprint = Callable[[str], bytes]
_Size = Callable[[bytes], tuple[float, float]]


def _of_record(paper: Paper, year_words: str, imprint: _Imprint, size_mm: _Size) -> Paper:
    del year_words, imprint, size_mm
    return paper


def _with_seal(paper: Paper, year_words: str, imprint: _Imprint, size_mm: _Size) -> Paper:
    del year_words
    person = paper.persons[0]
    png = imprint(person.name)
    lines = seal_lines(name=person.name, birth=person.birth_date, address=paper.address)
    return replace(paper, lines=lines, imprint=png, imprint_mm=size_mm(png))


def _with_tax(paper: Paper, year_words: str, imprint: _Imprint, size_mm: _Size) -> Paper:
    del imprint, size_mm
    person = paper.persons[0]
    lines = tax_lines(
        year=year_words, address=paper.address, name=person.name, birth=person.birth_date,
        category="非課税", amounts=_AMOUNTS,
    )  # fmt: skip
    return replace(paper, lines=lines)


def _leaving(paper: Paper, year_words: str, imprint: _Imprint, size_mm: _Size) -> Paper:
    del year_words, imprint, size_mm
    lines = move_out_lines(
        to="架空県架空市見本1番地", day_label="転出年月日", day="令和8年4月1日",
        filed_label="届出年月日", filed="令和8年4月1日", notes=(),
    )  # fmt: skip
    return replace(paper, lines=lines)


_ADD: Mapping[Ledger, Callable[[Paper, str, _Imprint, _Size], Paper]] = {
    Ledger.RECORD: _of_record,
    Ledger.MOVE_OUT: _leaving,
    Ledger.MOVE_OUT_LIKE: _leaving,
    Ledger.SEAL: _with_seal,
    Ledger.TAX: _with_tax,
}
