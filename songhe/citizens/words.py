"""What those who read a person's pages are called, in the trail and on the pages."""

from __future__ import annotations

from songhe.citizens.finding import Reader
from songhe.common.text import Text, say
from songhe.registry.models import Kinship

# Whoever could not show who they are.
NOBODY = "来访者"


def actor_of(reader: Reader) -> str:
    """As the audit trail names them: no names of people."""
    return "本人" if reader.kinship is None else f"家属（{reader.kinship.get_relation_display()}）"


def relation_of(kinship: Kinship) -> Text:
    return say(kinship.get_relation_display(), kinship.relation.replace("_", " "))
