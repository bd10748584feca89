"""How a publication stands, in words."""

from __future__ import annotations

from dataclasses import dataclass

from songhe.common.text import Text, say
from songhe.reports.models import Publication


@dataclass(frozen=True)
class Word:
    """`look` is the colour of the badge; the text says as much."""

    text: Text
    look: str


def standing(publication: Publication | None) -> Word:
    if publication is None:
        return Word(say("未发布", "not published"), "secondary")
    if publication.ended_by_id:
        if publication.approved_by_id:
            return Word(say("已撤回", "withdrawn"), "danger")
        return Word(say("已退回", "turned down"), "secondary")
    if publication.approved_by_id:
        return Word(say("已发布", "published"), "success")
    return Word(say("待批准", "to be approved"), "warning")
