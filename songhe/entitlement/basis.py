"""What decides beside the facts: as long as it stays the same, whoever had no news is decided as before."""

from __future__ import annotations

import hashlib
import json

from songhe.divisions.models import TreeState
from songhe.policy.package import Package
from songhe.registry.sources import precedence


def basis_of(package: Package) -> str:
    """64 hex digits over the package, the divisions and the precedence of sources."""
    ranks = json.dumps({fact: dict(ranks) for fact, ranks in precedence().ranks.items()}, sort_keys=True)
    mark = TreeState.objects.values_list("mark", flat=True).first() or ""
    parts = [package.hash, package.month_decided_by, mark, ranks]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
