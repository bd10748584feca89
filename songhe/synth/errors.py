"""What goes wrong when somebody asks for a synthetic city."""

from __future__ import annotations


class SynthError(ValueError):
    """A request that cannot be met; the message says why and what to do."""
