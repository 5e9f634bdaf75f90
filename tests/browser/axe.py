"""What axe finds wrong with a page, each with its place (https://github.com/dequelabs/axe-core)."""

from axe_playwright_python.sync_playwright import Axe

_SCRIPT = Axe().axe_script
#: What passes is neither described nor brought here, and a frame is handed in by itself: its page
#: has no axe in it, and each would be waited for.
_RUN = (
    "axe.run(document, { resultTypes: ['violations'], iframes: false })"
    ".then(found => found.violations.map(one => [one.id, one.nodes[0].html]))"
)


def violations(page):
    """Return rule and element of every violation; a frame may be handed in as well."""
    page.evaluate(_SCRIPT)
    return [f"{rule}: {html[:160]}" for rule, html in page.evaluate(_RUN)]
