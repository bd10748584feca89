"""`songhe serve`: what keeps it from starting is said, not thrown."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from waitress import create_server

from songhe.cli import serve as serving
from songhe.cli import site
from songhe.cli.serve import behind


def serve(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("SONGHE_")}
    return subprocess.run(
        [sys.executable, "-m", "songhe", "serve", *arguments],
        env={**own, "SONGHE_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_production_without_keys_says_how_to_make_them(tmp_path: Path) -> None:
    result = serve("--port", str(free_port()), home=tmp_path, SONGHE_PRODUCTION="1")
    assert result.returncode == 2
    assert "Production has no keys" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_taken_port_names_another_one(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        result = serve("--port", str(port), home=tmp_path)
    assert result.returncode == 2
    assert f"Port {port} is taken" in result.stderr
    assert "make run" in result.stderr
    assert "Traceback" not in result.stderr


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_without_tables_it_says_so_and_serves_the_public_page(tmp_path: Path) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("SONGHE_", "DATABASE_"))}
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "songhe", "serve", "--port", str(port)],
        env={**own, "SONGHE_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert server.stdout
        told = "".join(iter(server.stdout.readline, "按 Ctrl-C 停止 Ctrl-C stops it\n"))
        assert "songhe manage migrate" in told
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            assert answer.status == 200
    finally:
        server.kill()
        server.wait()


def test_a_database_that_comes_up_later_has_its_worker_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    reasons, started = iter(["away", "away", ""]), threading.Event()
    monkeypatch.setattr(site, "why_not_ready", lambda: next(reasons))
    monkeypatch.setattr(serving, "_start", started.set)
    monkeypatch.setattr(site, "SECONDS_BETWEEN_LOOKS", 0.01)
    serving.start_background()
    assert started.wait(5)


@pytest.mark.parametrize(
    ("proxy", "told"), [(None, "127.0.0.1"), ("127.0.0.1", "203.0.113.9"), ("192.0.2.1", "127.0.0.1")]
)
def test_only_a_named_proxy_says_who_asks(proxy: str | None, told: str) -> None:
    def who(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        return [environ["REMOTE_ADDR"].encode()]

    server = create_server(who, host="127.0.0.1", port=0, **behind(proxy))
    threading.Thread(target=server.run, daemon=True).start()
    address = f"http://127.0.0.1:{server.effective_port}/"
    asked = urllib.request.Request(address, headers={"X-Forwarded-For": "203.0.113.9"})
    with urllib.request.urlopen(asked) as answer:
        assert answer.read().decode() == told
    server.close()
