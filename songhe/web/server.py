"""The embedded server, waitress, with a limit of its own for every path."""

from __future__ import annotations

import copy

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer

from songhe.web.bodies import limit_for


class PathLimits(HTTPRequestParser):
    """Refuses a body that is too large for its path as soon as that shows, before all of it has come."""

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        self.adj = copy.copy(self.adj)
        # It refuses from this number on.
        self.adj.max_request_body_size = limit_for(self.path) + 1


class _Channel(HTTPChannel):
    parser_class = PathLimits


def accept_large_bodies() -> None:
    """Servers made from now on ask `limit_for`; waitress has no option for it."""
    BaseWSGIServer.channel_class = _Channel
