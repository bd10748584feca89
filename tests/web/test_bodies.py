"""How much may be sent where."""

import http.client
import threading

import pytest
from waitress import create_server

from songhe.web.bodies import limit_for
from songhe.web.server import accept_large_bodies


def test_only_named_paths_take_much(settings):
    assert limit_for("/") == settings.MAX_BODY
    assert limit_for("/api/v1/people/x") == settings.MAX_BODY
    assert limit_for("/api/v1/records") == 4 * 1024 * 1024


@pytest.fixture(scope="module")
def port() -> int:
    """A server that says how much it was sent."""

    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(len(environ["wsgi.input"].read())).encode()]

    accept_large_bodies()
    server = create_server(application, host="127.0.0.1", port=0, threads=1)
    # It ends with the tests.
    threading.Thread(target=server.run, daemon=True).start()
    return int(server.effective_port)


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/", 32 * 1024, 200),
        ("/", 32 * 1024 + 1, 413),
        ("/api/v1/records", 1024 * 1024, 200),
        ("/api/v1/records", 4 * 1024 * 1024 + 1, 413),
        ("/console/imports/new/", 5 * 1024 * 1024, 200),
        ("/console/imports/", 32 * 1024 + 1, 413),
    ],
)
def test_the_embedded_server_refuses_more(port: int, path: str, size: int, status: int):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("POST", path)
    connection.putheader("Content-Length", str(size))
    connection.endheaders()
    if status == 200:
        connection.send(b"x" * size)
    response = connection.getresponse()
    assert response.status == status
    assert status != 200 or response.read() == str(size).encode()
