"""From the home, where the cursor waits in the search box, every place is one stroke of two keys away."""

import pytest


@pytest.mark.parametrize("who", ["nagi", "kai"])
def test_alt_and_its_letter_lead_from_home_to_every_place_of_a_role(desk_of, who):
    page = desk_of(who)
    page.goto("/desk/")
    places = page.evaluate(
        "[...document.querySelectorAll('[data-go]')].map((a) => [a.dataset.go, a.pathname])"
    )
    ways = {(key, path) for key, path in places}  # the way home stands there twice
    assert len(ways) == len({key for key, _ in ways}) > 10
    for key, path in sorted(ways):
        page.goto("/desk/")
        assert page.evaluate("document.activeElement.id") == "q", "one may type a name at once"
        page.keyboard.press(f"Alt+{key}")
        page.wait_for_url(f"**{path}", wait_until="commit")
