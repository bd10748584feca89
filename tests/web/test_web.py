"""Headers, health, logs, and the server's own start."""

import logging
import socket
import sys

import pytest
from click.testing import CliRunner
from django.test import Client

from songhe.cli.serve import free_port, refusal, serve
from songhe.portal.shelf import Shelf
from songhe.web.logs import ReservedFormatter

PATHS = ["/", "/ask/?city=suizhou-2023&on=2024-05-01", "/healthz", "/nope", "/static/portal/portal.css"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(client: Client, path: str):
    headers = client.get(path).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_the_style_sheet_is_served_without_collecting(client: Client):
    response = client.get("/static/portal/portal.css")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/css")
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_strange_host_is_refused(client: Client):
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400


def test_health_names_the_packages(client: Client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert "suizhou-2023" in response.content.decode().splitlines()


def test_health_fails_when_nothing_can_be_decided(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("songhe.web.health.open_shelf", lambda: Shelf(()))
    assert client.get("/healthz").status_code == 503


def test_a_logged_error_tells_the_place_but_not_the_message():
    answer = "-".join(("1944", "05", "01"))
    try:
        raise ValueError(answer)
    except ValueError:
        record = logging.LogRecord("django", logging.ERROR, "", 1, "at /ask/", None, sys.exc_info())
    text = ReservedFormatter("%(message)s").format(record)
    assert "test_web.py" in text
    assert "ValueError" in text
    assert answer not in text


def test_serving_on_a_taken_port_names_a_free_one():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = CliRunner().invoke(serve, ["--port", str(port)])
        assert refusal("127.0.0.1", port) != 0
        assert refusal("127.0.0.1", free_port("127.0.0.1", port)) == 0
    assert result.exit_code == 2
    assert f"端口 {port} 已被占用" in result.stderr
    assert "make run" in result.stderr


def test_serving_on_an_address_that_is_not_ours_says_so():
    result = CliRunner().invoke(serve, ["--host", "192.0.2.1"])
    assert result.exit_code == 2
    assert "192.0.2.1" in result.stderr
