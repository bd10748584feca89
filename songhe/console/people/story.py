"""The timeline of a file in sentences, by day and by writing, the newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone

from songhe.common.text import Text, say
from songhe.console.people.file import ALWAYS, span
from songhe.registry.models import Consent, Kinship
from songhe.registry.queries import Event
from songhe.registry.vocabulary import label
from songhe.registry.words import in_words, source_name

KIN_EN = {"carer": "carer", "emergency": "emergency contact", "may_act": "may act for the person"}
MATTER_EN = {
    "data_sharing": "sharing data between departments",
    "service_provider": "giving data to service providers",
    "assessment": "an assessment of ability",
    "contact": "regular contact and visits",
    "device": "monitoring devices",
    "family_view": "letting the family see what is paid",
}


@dataclass(frozen=True)
class Sentence:
    """One thing that was written; a struck one was taken back later. `record` can still be taken back."""

    text: Text
    is_struck: bool
    is_retraction: bool
    record: int | None


@dataclass(frozen=True)
class Writing:
    """What one transaction wrote."""

    at: dt.datetime
    number: int
    source: Text
    user: str
    reason: str
    sentences: Sequence[Sentence]


@dataclass(frozen=True)
class Day:
    day: dt.date
    writings: Sequence[Writing]


def told(events: Iterable[Event]) -> list[Day]:
    newest_first = sorted(events, key=_number, reverse=True)
    struck = {event.record for event in newest_first if event.kind == "retracted"}
    writings = [_writing(list(group), struck) for _, group in groupby(newest_first, key=_number)]
    by_day = groupby(writings, key=lambda writing: timezone.localtime(writing.at).date())
    return [Day(day, list(group)) for day, group in by_day]


def _number(event: Event) -> int:
    return event.transaction


def _writing(events: Sequence[Event], struck: set[int | None]) -> Writing:
    first = events[0]
    sentences = [_sentence(event, struck) for event in events]
    return Writing(first.at, first.transaction, source_name(first.source), first.user, first.reason, sentences)


def _sentence(event: Event, struck: set[int | None]) -> Sentence:
    is_record = event.kind == "recorded"
    is_struck = is_record and event.record in struck
    record = event.record if is_record and not is_struck else None
    return Sentence(_WAYS[event.kind](event), is_struck, event.kind == "retracted", record)


def _fact(event: Event) -> Text:
    name, days = label(event.subject), span(event.valid_from, event.valid_to)
    zh, en = ("", "") if days == ALWAYS else (f"，{days.zh}", f", {days.en}")
    if event.value is None:
        return say(f"{name.zh}：不再表态（改为未知）{zh}", f"{name.en}: withdrawn to unknown{en}")
    value = in_words(event.subject, event.value)
    return say(f"{name.zh}：{value.zh}{zh}", f"{name.en}: {value.en}{en}")


def _retracted(event: Event) -> Text:
    fact = _fact(event)
    return say(f"撤回「{fact.zh}」", f"Took back “{fact.en}”")


def _consent(event: Event) -> Text:
    zh, en = Consent.Matter(event.subject).label, MATTER_EN[event.subject]
    verb = say("同意", "Agreed to") if event.value else say("撤回同意", "No longer agrees to")
    return say(f"{verb.zh}：{zh}（{event.valid_from}）", f"{verb.en} {en} ({event.valid_from})")


def _kin(event: Event) -> Text:
    zh, en = Kinship.Kind(event.subject).label, KIN_EN[event.subject]
    if event.value is None:
        return say(f"{zh}至{event.valid_to}为止", f"{en} until {event.valid_to}")
    who = _relation(str(event.value))
    return say(f"登记{zh}：{who.zh}", f"Has as {en}: {who.en}")


def _relation(text: str) -> Text:
    known = dict(Kinship.Relation.choices)
    return say(known.get(text, text), text.replace("_", " "))


def _household(event: Event) -> Text:
    number = event.subject
    if event.value is None:
        return say(f"至{event.valid_to}离开第{number}户", f"Left household {number}, last day {event.valid_to}")
    days = span(event.valid_from, None)
    return say(f"属第{number}户（{days.zh}）", f"Belongs to household {number} ({days.en})")


def _merged(event: Event) -> Text:
    return say(f"档案{event.subject}并入{event.value}", f"The file {event.subject} was merged into {event.value}")


def _unmerged(event: Event) -> Text:
    return say(f"档案{event.subject}从{event.value}拆出", f"The file {event.subject} was taken out of {event.value}")


_WAYS = {
    "recorded": _fact,
    "retracted": _retracted,
    "consent": _consent,
    "kin": _kin,
    "household": _household,
    "merged": _merged,
    "unmerged": _unmerged,
}
