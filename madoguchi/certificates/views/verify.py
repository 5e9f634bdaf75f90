"""Check a certificate: anybody may, and no table of the register is asked (証明書の確認)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from madoguchi.certificates.forms import VerifyForm
from madoguchi.certificates.queries.verifying import (
    FILE_BYTES_MAX,
    Checked,
    verify_file,
    verify_person,
    verify_token,
)
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import open_to_all
from madoguchi.web.forms import label_of, problems_of
from madoguchi.web.pace import too_many
from madoguchi.web.pages import page

#: A person checks a handful of papers; a machine that guesses names wants thousands.
CHECKS_A_MINUTE_MAX = 20


@open_to_all(reason="whoever is shown a certificate may check it; only public keys are used")
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check a file, or a QR code with name and birth date as printed."""
    form = VerifyForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return page(request, "certificates/verify.html", {"form": form})
    problems: tuple[Problem, ...] = problems_of(form)
    if too_many(request, what="verify", a_minute=CHECKS_A_MINUTE_MAX):
        problems = (Problem(code="TOO_MANY_CHECKS"),)
    checked = None
    if not problems:
        checked, problems = _check(request, form)
    by_file = "file" in request.FILES
    context = {"form": form, "checked": checked, "problems": problems, "by_file": by_file}
    status = 200 if checked is not None and checked.valid else 422
    return page(request, "certificates/verify.html", context, status)


def _check(request: HttpRequest, form: VerifyForm) -> tuple[Checked | None, tuple[Problem, ...]]:
    """Return what was found, or what is still to be entered."""
    file = request.FILES.get("file")
    if file is not None:
        if file.size is None or file.size > FILE_BYTES_MAX:
            return None, (Problem(code="TOO_LARGE"),)
        return verify_file(file.read()), ()
    given = form.cleaned_data
    if not given["token"].strip():
        return None, (Problem(code="NOTHING_TO_CHECK"),)
    first = verify_token(given["token"])
    if not first.valid:
        return first, ()
    missing = tuple(
        Problem(code="FIELD_REQUIRED", where=name, facts={"label": label_of(form, name)})
        for name in ("name", "birth_date")
        if not given[name].strip()
    )
    if missing:
        return None, missing
    return verify_person(given["token"], name=given["name"], birth_date=given["birth_date"]), ()
