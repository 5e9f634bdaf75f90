"""Answer with a page, or with the one piece of it that was asked for (画面と部分)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import Context, RequestContext
from django.template.base import Template
from django.template.loader import get_template
from django.template.loader_tags import BlockNode
from django.utils.cache import patch_vary_headers


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the full page, or only the block that the HX-Target header names.

    A fragment is a ``{% block results %}`` of the page's own template that draws the
    element ``id="results"``; the browser swaps the whole element (outerHTML). So there is
    one template a page, and page and fragment cannot drift apart.
    """
    # The backend's wrapper hides the compiled template; django-stubs do not know it.
    compiled: Template = get_template(template).template  # type: ignore[attr-defined]
    block = find_block(compiled, wanted_fragment(request))
    values = RequestContext(request, dict(context or {}))
    html = compiled.render(values) if block is None else _render_block(compiled, block, values)
    response = HttpResponse(html, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def unkept(answer: HttpResponse) -> HttpResponse:
    """Say that no browser may keep this answer: whoever comes next must not find it (保存禁止)."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


def pdf_answer(pdf: bytes, *, name: str, inline: bool) -> HttpResponse:
    """Answer with a file that no browser keeps and whose name names nobody (PDFの応答)."""
    answer = HttpResponse(pdf, content_type="application/pdf")
    how = "inline" if inline else "attachment"
    answer.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    return unkept(answer)


def wanted_fragment(request: HttpRequest) -> str | None:
    """Return the id of the element htmx will replace, or nothing when a page is wanted."""
    headers = request.headers
    if headers.get("HX-Request") != "true" or headers.get("HX-Boosted") == "true":
        return None
    # Going back in history needs the whole page even though htmx asks for it.
    if headers.get("HX-History-Restore-Request") == "true":
        return None
    return headers.get("HX-Target")


def find_block(template: Template, element_id: str | None) -> BlockNode | None:
    """Return the template's own block that draws this element, if it has one."""
    if element_id is None:
        return None
    name = element_id.replace("-", "_")
    for node in template.nodelist.get_nodes_by_type(BlockNode):
        if isinstance(node, BlockNode) and node.name == name:
            return node
    return None


def _render_block(template: Template, block: BlockNode, context: Context) -> str:
    with context.render_context.push_state(template), context.bind_template(template):
        return str(block.render(context))
