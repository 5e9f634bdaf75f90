"""Read fonts and keys before the first paper, so that nobody waits for them (準備)."""

from __future__ import annotations

import gc

from madoguchi.certificates.documents.readback import read_back
from madoguchi.certificates.documents.render import render_pdf
from madoguchi.certificates.documents.signing import sign_pdf
from madoguchi.certificates.documents.token import make_token
from madoguchi.certificates.domain.definitions import certification_of
from madoguchi.certificates.domain.kinds import Kind
from madoguchi.certificates.domain.layout import plan_sheets
from madoguchi.certificates.domain.paper import Paper, PaperPerson
from madoguchi.certificates.domain.token import SALT_BYTES
from madoguchi.certificates.queries.keys import paper_keys
from madoguchi.certificates.queries.town import town
from madoguchi.infra import clock


def warm_up() -> None:
    """Make one paper of nobody and throw it away: fonts, compiler and keys are read then.

    It touches no table and keeps no file.
    """
    sample = _sample()
    keys = paper_keys()
    sheets = plan_sheets(sample)
    token = make_token(sample, sheets, key=keys.token_key, salt=bytes(SALT_BYTES))
    pdf = sign_pdf(render_pdf(sample, sheets, token=token), keys=keys, at=clock.now())
    assert not read_back(pdf, sheets, kind=sample.kind, token=token), "the renderer is out of order"
    # What stands now stands until the end: the collector need not walk it for every paper.
    gc.collect()
    gc.freeze()


def _sample() -> Paper:
    here = town()
    return Paper(
        kind=Kind.RESIDENT_RECORD_HOUSEHOLD,
        persons=(PaperPerson(person_id="0", name="見本　太郎", birth_date="平成2年5月3日"),),
        address=here.municipality,
        householder="見本　太郎",
        issue_no="0",
        request_id="a" * 26,
        issued_on=clock.today(),
        municipality=here.municipality,
        municipality_code=here.code,
        mayor_title=here.mayor_title,
        mayor_name=here.mayor_name,
        certification=certification_of(Kind.RESIDENT_RECORD_HOUSEHOLD, whole_household=True),
        sample=True,
        seal_svg=here.seal_svg,
        seal_is_black_note=bool(here.seal_svg),
    )
