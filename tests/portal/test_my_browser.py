"""The personal pages in a real browser: on a small telephone, with large text, and without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.citizens.conftest import NUMBER, Household, house  # noqa: F401
from tests.console.conftest import accessible, fits  # noqa: F401

_PAGES = ("", "items/", "payments/", "cases/", "missing/", "family/", "complain/")


def test_every_page_fits_a_small_telephone_and_is_accessible(
    committing: None,
    live_server: Any,
    browser: Any,
    house: Household,  # noqa: F811
    accessible: Callable[[Any], None],  # noqa: F811
    fits: Callable[[Any], None],  # noqa: F811
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, base_url=live_server.url)
    page = context.new_page()
    page.goto("/my/counter/")
    page.get_by_label("老人的身份证号码").fill(NUMBER)
    # Keys alone, as somebody who sees little does it.
    page.keyboard.press("Tab")
    page.keyboard.type(house.give())
    page.keyboard.press("Enter")
    page.wait_for_url("**/my/")
    for path in _PAGES:
        page.goto(f"/my/{path}")
        fits(page)
        accessible(page)
        page.goto(f"/my/{path}?lang=en&text=large")
        fits(page)
    assert page.locator("script").count() == 0
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/my/sign-in/**")
    accessible(page)
    context.close()
