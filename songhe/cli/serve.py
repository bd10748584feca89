"""`songhe serve`: the public page and the console in a web server."""

from __future__ import annotations

import errno
import os
import socket
import threading
from typing import Any

import click

from songhe.cli.console import fail, out
from songhe.common.keyring import KeyringError

THREADS = 4
LAST_PORT = 65535


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, LAST_PORT), help="Port to listen on.")
@click.option("--worker/--no-worker", default=True, help="Run queued imports and the nightly upkeep beside the pages.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--trusted-proxy", default=None, help="Address of the proxy whose X-Forwarded-For tells who asks.")
def serve(port: int, host: str, worker: bool, trusted_proxy: str | None) -> None:
    """Serve the public page and the console 公众页面与工作台."""
    check_port(host, port)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "songhe.web.settings")
    # Importing Django takes a while: a taken port is told before it.
    from waitress import create_server

    application, settings = load_site()

    load_packages()
    if worker:
        start_background()
    from songhe.web.server import accept_large_bodies

    accept_large_bodies()
    server = create_server(
        application,
        host=host,
        port=port,
        threads=THREADS,
        max_request_body_size=settings.MAX_BODY,
        ident=None,
        **behind(trusted_proxy),
    )
    shown = f"[{host}]" if ":" in host else host
    out.print(f"松鹤已启动，请打开 Songhe is running, open: http://{shown}:{port}/", markup=False)
    out.print("按 Ctrl-C 停止 Ctrl-C stops it", markup=False)
    server.run()


def behind(proxy: str | None) -> dict[str, Any]:
    """What the server is to believe of a proxy; without one, nothing that a client says of its own address."""
    if proxy is None:
        return {"clear_untrusted_proxy_headers": True}
    return {"trusted_proxy": proxy, "trusted_proxy_headers": {"x-forwarded-for"}}


def start_background() -> None:
    """Threads for what pages have queued and for the nights; the public page serves alone until the database is ready.

    A database that is away while the server comes up is waited for: nobody would start the server once more for it.
    """
    from songhe.cli.site import why_not_ready

    if reason := why_not_ready():
        out.print(f"{reason}\n公众页面照常提供 The public page is served all the same", style="yellow", markup=False)
        threading.Thread(target=_start_when_ready, name="songhe-waiting", daemon=True).start()
    else:
        _start()


def _start_when_ready() -> None:
    from songhe.cli.site import wait_until_ready

    wait_until_ready()
    _start()


def _start() -> None:
    from songhe.intake.jobs import work_in_thread
    from songhe.upkeep.clock import start_clock

    work_in_thread()
    start_clock()


def load_site() -> tuple[Any, Any]:
    """Django's application and settings; keys that may not be used end the program with what to do."""
    try:
        from django.conf import settings

        from songhe.web.wsgi import application
    except KeyringError as error:
        fail(str(error))
    return application, settings


def check_port(host: str, port: int) -> None:
    """Ends the program with what to do when nothing can listen there."""
    reason = refusal(host, port)
    if not reason:
        return
    if reason not in (errno.EADDRINUSE, errno.EACCES, errno.EPERM):
        fail(f"无法监听 {host} Cannot listen on {host}: {os.strerror(reason)}")
    another = free_port(host, port)
    zh, en = ("已被占用", "is taken") if reason == errno.EADDRINUSE else ("无权使用", "may not be used by you")
    fail(
        f"端口 {port} {zh}，请换一个，例如 {another}：\n"
        f"Port {port} {en}; use another one, such as {another}:\n"
        f"    songhe serve --port {another}\n    PORT={another} make run"
    )


def refusal(host: str, port: int) -> int:
    """The error number that listening meets; 0 when the port is free."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        return errno.EADDRNOTAVAIL
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as error:
            return error.errno or errno.EADDRINUSE
    return 0


def free_port(host: str, port: int) -> int:
    """The nearest port above that can be had, from 1024 up."""
    above = range(max(port + 1, 1024), LAST_PORT + 1)
    return next((other for other in (*above, *range(8000, port)) if not refusal(host, other)), 8000)


def load_packages() -> None:
    """Every package with a line each; one that is wrong is left out, none at all ends the program."""
    from songhe.portal.shelf import open_shelf

    shelf = open_shelf(report=_report)
    if not shelf.packages:
        fail("没有可用的政策包 There is no usable policy package; see songhe policy check")


def _report(name: str, error: Exception | None) -> None:
    if error is None:
        out.print(f"✓ {name}", style="green", markup=False)
    else:
        out.print(
            f"✗ {name} 有误，不提供 is wrong and left out: songhe policy check {name}",
            style="red",
            markup=False,
        )
