"""The copy without its secret, made at the desk (暗証番号欄の消去の画面)."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods
from PIL import Image

from madoguchi.dispatch.actions.redaction import note_redaction
from madoguchi.dispatch.documents.redaction.making import Redacted, redact
from madoguchi.dispatch.domain.receipts import Receipt
from madoguchi.dispatch.forms import RedactForm
from madoguchi.dispatch.queries.redaction import find_template, list_in_force
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import attempt

PURPOSE = "届書の写しの作成"
#: Wide enough to compare two sheets beside each other; the file itself is the whole picture.
_WIDE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What the page shows of a clean copy: the picture, the file and its receipt (写し)."""

    after: str
    file: str
    receipt: Receipt
    margin_mm: float


@needs(Right.MAIL_REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
def redact_scan(request: HttpRequest) -> HttpResponse:
    """Take a scan, answer with its copy or the reasons why not; keep neither."""
    names = [one.name for one in list_in_force(on=clock.today())]
    posted = request.method == "POST"
    form = RedactForm(
        request.POST if posted else None, request.FILES if posted else None, names=names,
        initial={"template": names[0] if names else ""},
    )  # fmt: skip
    problems: tuple[Problem, ...] = ()
    copy = None
    if posted:
        problems = problems_of(form)
        if not problems:
            made, problems = attempt(lambda: _made(request, form))
            copy, problems = made or (None, problems)
    context = {"form": form, "problems": problems, "copy": copy}
    response = page(request, "dispatch/redact.html", context, 422 if problems else 200)
    response["Cache-Control"] = "no-store"
    return response


def _made(request: HttpRequest, form: RedactForm) -> tuple[Copy | None, tuple[Problem, ...]]:
    today = clock.today()
    template = find_template(form.cleaned_data["template"], on=today)
    data = form.cleaned_data["scan"].read()
    done = redact(data, template=template, on=today)
    receipt = unit.run(
        note_redaction, redacted=done, receipt_id=new_id(),
        actor=actor_of(request, PURPOSE), now=clock.now(),
    )  # fmt: skip
    if receipt is None:
        return None, done.read.problems
    return _shown(done, receipt), ()


def _shown(done: Redacted, receipt: Receipt) -> Copy:
    # The scan itself goes back to nobody: the secret would travel once more.
    with Image.open(io.BytesIO(done.picture_png)) as after:
        small = _small(after)
    return Copy(
        after=small, receipt=receipt, margin_mm=done.margin_mm,
        file="data:application/pdf;base64," + base64.b64encode(done.pdf).decode(),
    )  # fmt: skip


def _small(picture: Image.Image) -> str:
    grey = picture.convert("L")
    grey.thumbnail((_WIDE, _WIDE * 2))
    out = io.BytesIO()
    grey.save(out, format="PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
