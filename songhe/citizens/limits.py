"""How often somebody may ask for codes and guess them: by resident number and by address, of real people or not."""

from __future__ import annotations

import datetime as dt
import ipaddress

from django.utils import timezone

from songhe.citizens.models import Try
from songhe.common.fieldcrypto import search_hash

# (kind, by what) → (how many, within). A village office shares an address.
LIMITS: dict[tuple[str, str], tuple[tuple[int, dt.timedelta], ...]] = {
    ("asked", "number"): ((3, dt.timedelta(minutes=10)), (10, dt.timedelta(days=1))),
    ("asked", "address"): ((30, dt.timedelta(hours=1)),),
    ("wrong", "number"): ((10, dt.timedelta(days=1)),),
    ("wrong", "address"): ((30, dt.timedelta(hours=1)),),
}


def too_often(kind: Try.Kind, *, key: str, address: str) -> bool:
    """Whether a limit is reached for a number (its key) or an address."""
    now = timezone.now()
    marks = {"number": _mark("number", key), "address": _mark("address", network_of(address))}
    return any(
        Try.objects.filter(kind=kind, hash=marks[by], at__gt=now - within).count() >= most
        for by in marks
        for most, within in LIMITS[kind.value, by]
    )


def note(kind: Try.Kind, *, key: str, address: str) -> None:
    """It counts from now on."""
    now = timezone.now()
    hashes = (_mark("number", key), _mark("address", network_of(address)))
    Try.objects.bulk_create(Try(kind=kind, hash=hash, at=now) for hash in hashes)


def forgive(key: str) -> None:
    """Somebody looked the person in the face: what others tried with the number counts no more."""
    Try.objects.filter(hash=_mark("number", key)).delete()


def forget(*, now: dt.datetime) -> int:
    """Delete what no limit counts any more: the number of tries deleted."""
    longest = max(within for limits in LIMITS.values() for _, within in limits)
    return Try.objects.filter(at__lt=now - longest).delete()[0]


def network_of(address: str) -> str:
    """An address of version 6 is one of a whole house: its first half counts."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)


def _mark(kind: str, text: str) -> str:
    return search_hash(f"citizens.{kind}", text).hex()
