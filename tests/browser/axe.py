"""What axe finds wrong with a page, each with its place (https://github.com/dequelabs/axe-core)."""

from axe_playwright_python.sync_playwright import Axe

_AXE = Axe()


def violations(page):
    """Return rule and element of every violation; a frame may be handed in as well."""
    # What passes is not described in full: that would take longer than the rules themselves.
    found = _AXE.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]
