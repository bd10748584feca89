"""Suizhou's package, the page's client, and a real server with a real browser."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Browser, Page
from waitress import create_server

from songhe.policy.package import Package
from songhe.portal.shelf import open_shelf
from songhe.web.wsgi import application

MAY_DAY = dt.date(2024, 5, 1)
SUIZHOU = "/ask/?city=suizhou-2023&on=2024-05-01"

Ask = Callable[..., HttpResponse]


@pytest.fixture(scope="session")
def suizhou() -> Package:
    package = open_shelf().find("suizhou-2023")
    assert package is not None
    return package


@pytest.fixture
def ask(client: Client) -> Ask:
    """Posts answers; those of Grandma Li, who turned 80 in Suizhou on 1 May 2024, unless told otherwise."""

    def post(url: str = SUIZHOU, **answers: str) -> HttpResponse:
        return client.post(url, {"birth_date": "1944-05-01", "hukou": "local", **answers})

    return post


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    server = create_server(application, host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """A tab of a given width, with or without scripts; it fails the test on anything the console complains of."""
    contexts = []
    complaints: list[str] = []

    def open_page(path: str = "/", *, width: int = 1366, height: int = 768, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, base_url=address
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        assert context.cookies() == []
        context.close()
    # A wrong answer is sent with status 422, an address that is none with 404: the browser reports both.
    assert [text for text in complaints if "422" not in text and "404" not in text] == []
