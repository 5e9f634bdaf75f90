"""Certificates on the laptop: asked for, made under the next number, given or not (端末の証明書)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.certificates.api import away as certificates
from madoguchi.kernel.outcome import Problem
from madoguchi.kit.documents.laptop import Laptop
from madoguchi.kit.domain.operations import Kind
from madoguchi.kit.domain.trips import OfficerAlong
from madoguchi.kit.forms import CertificateForm, GivenForm, SpoiltForm
from madoguchi.kit.views.laptop import laptop_page, opened, sent, unknown
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.press import attempt


@opened
@require_http_methods(["GET", "HEAD", "POST"])
def certificate(
    request: HttpRequest, laptop: Laptop, officer: OfficerAlong, person_id: str, kind: str
) -> HttpResponse:
    """Ask for a certificate of somebody; what stands against it is told here."""
    found = laptop.resident(person_id, officer=officer)
    paper = laptop.stock.paper(person_id, kind) if laptop.stock else None
    if found is None or paper is None or laptop.stock is None:
        return unknown(request, laptop, officer)
    items = certificates.items_of(paper)
    form = CertificateForm(
        sent(request), items=items, alone=len(paper.marks) == 1,
        initial={"applicant": "SELF"},
    )  # fmt: skip
    problems: tuple[Problem, ...] = ()
    if form.is_bound:
        problems = problems_of(form)
        if not problems:
            number, problems = attempt(lambda: laptop.make_paper(
                person_id, kind, op_id=form.cleaned_data["op_id"], officer=officer,
                payload=form.payload(),
            ))  # fmt: skip
            if not problems:
                return redirect("kit_paper", issue_no=number)
        mark(form, problems)
    else:
        laptop.look(person_id, officer=officer)
    context = {
        "person": found, "paper": paper, "form": form, "problems": problems, "stock": laptop.stock, "until": min(paper.until, laptop.bundle.until),
        "left": len(laptop.stock.numbers) - len(laptop.numbers_taken()),
    }  # fmt: skip
    return laptop_page(
        request,
        laptop,
        officer,
        "kit/laptop/certificate.html",
        context,
        status=422 if problems else 200,
    )


@opened
@require_http_methods(["GET", "HEAD", "POST"])
def paper(
    request: HttpRequest, laptop: Laptop, officer: OfficerAlong, issue_no: str
) -> HttpResponse:
    """Show a paper that was made, and take down what became of it."""
    made = laptop.was_done(Kind.CERTIFICATE_MADE, issue_no)
    found = laptop.resident(made.person_id, officer=officer) if made is not None else None
    if made is None or found is None:
        return unknown(request, laptop, officer)
    fee = int(made.payload["fee_yen"])
    how = request.POST.get("how", "")
    given = GivenForm(sent(request) if how == "given" else None, fee_yen=fee)
    spoilt = SpoiltForm(sent(request) if how == "spoilt" else None, auto_id="spoilt_%s")
    problems: tuple[Problem, ...] = ()
    form = next((one for one in (given, spoilt) if one.is_bound), None)
    if request.method == "POST" and form is None:
        problems = (Problem(code="BAD_INPUT"),)
    if form is not None:
        kind = Kind.CERTIFICATE_HANDED_OVER if form is given else Kind.CERTIFICATE_SPOILT
        problems = problems_of(form)
        if not problems:
            payload: dict[str, Any] = {"fee_yen": fee} if form is given else form.payload()
            _, problems = attempt(lambda: laptop.end_paper(
                kind, issue_no, op_id=form.cleaned_data["op_id"], officer=officer, payload=payload,
            ))  # fmt: skip
        mark(form, problems)
        if not problems:
            return redirect(f"/person/{found.person_id}/?done={kind.value}")
    context = {
        "person": found, "made": made, "fee": fee, "end": laptop.end_of(issue_no),
        "here": issue_no in laptop.pdfs, "given": given, "spoilt": spoilt, "problems": problems,
    }  # fmt: skip
    return laptop_page(
        request, laptop, officer, "kit/laptop/paper.html", context, status=422 if problems else 200
    )


@opened
@require_safe
def paper_file(
    request: HttpRequest, laptop: Laptop, officer: OfficerAlong, issue_no: str
) -> HttpResponse:
    """Give the browser the paper to print, until somebody said what became of it."""
    made = laptop.was_done(Kind.CERTIFICATE_MADE, issue_no)
    data = laptop.pdfs.get(issue_no)
    if made is None or data is None or laptop.resident(made.person_id, officer=officer) is None:
        return unknown(request, laptop, officer)
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{issue_no}.pdf"'
    return answer
