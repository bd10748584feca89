"""Songhe 松鹤: the open platform for municipal elderly care."""

__version__ = "0.1.0"
