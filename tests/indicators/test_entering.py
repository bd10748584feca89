"""Figures entered with evidence, and definitions of what a document leaves open."""

import datetime as dt
import io
from fractions import Fraction
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from songhe.accounts.scope import OutOfScope
from songhe.decision.indicator import MET, NOT_MET, UNDETERMINED, Reading
from songhe.indicators.domain.defining import define
from songhe.indicators.domain.entering import enter
from songhe.indicators.domain.settling import settle_definition, settle_figure
from songhe.indicators.errors import IndicatorError
from songhe.indicators.evidence import opened, path_of, sweep
from songhe.indicators.models import Evidence, Figure
from songhe.indicators.queries import by_child, standings, trend
from songhe.policy.load import load_package
from tests.indicators.builders import DAY, TOWNS

PACKAGE = load_package("qingtongxia-2023")
# A share of which the records hold nothing, for which 卫生健康局 answers.
SHARE = "QTX-I-12"


def entered(place, indicator, numerator="", denominator="", *, code="640381", day=DAY, by=None, confirm=True, **more):
    asked = {"indicator": indicator, "division": place.ids[code], "day": day, "document": "月报"}
    figure = enter(
        by=by or place.one, package=PACKAGE, numerator=numerator, denominator=denominator, **{**asked, **more}
    )
    if confirm:
        settle_figure(by=place.other, figure=figure)
    return figure


def standing(place, indicator, day=DAY, code="640381"):
    return standings(place.one, PACKAGE, place.ids[code], day, only=(indicator,))[0]


def test_a_figure_counts_once_another_has_confirmed_it(place):
    figure = entered(place, SHARE, "19", "20", confirm=False)
    assert standing(place, SHARE).reading is None
    with pytest.raises(IndicatorError):
        settle_figure(by=place.one, figure=figure)
    settle_figure(by=place.other, figure=figure)
    found = standing(place, SHARE)
    assert (found.reading, found.source, found.answer) == (Reading(Fraction(19), Fraction(20)), "entered", NOT_MET)
    with pytest.raises(IndicatorError):
        settle_figure(by=place.other, figure=figure, reason="再看")


def test_a_returned_figure_counts_for_nothing_and_a_correction_is_a_new_row(place):
    wrong = entered(place, SHARE, "9", "20", confirm=False)
    settle_figure(by=place.other, figure=wrong, reason="数与附件不符")
    entered(place, SHARE, "19", "20")
    entered(place, SHARE, "20", "20")
    assert standing(place, SHARE).answer == MET
    assert Figure.objects.count() == 3


def test_the_database_refuses_that_one_person_does_both_and_that_a_figure_changes(place):
    figure = entered(place, SHARE, "19", "20", confirm=False)
    rows = Figure.objects.filter(pk=figure.pk)
    for change in (
        {"outcome": "confirmed", "settled_by": place.one, "settled_at": figure.stated_at},
        {"numerator": "20"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    settle_figure(by=place.other, figure=figure)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(settled_by=place.unit)


@pytest.mark.parametrize(("numerator", "denominator"), [("二十", "20"), ("21", "20"), ("-1", "20"), ("", "20")])
def test_what_cannot_be_is_refused_and_leaves_no_file(place, numerator, denominator):
    with pytest.raises(IndicatorError):
        entered(place, SHARE, numerator, denominator, files=[("表.pdf", io.BytesIO(b"x"))])
    assert not Figure.objects.exists() and not Evidence.objects.exists()


def test_evidence_lies_sealed_and_opens_again(place, settings):
    figure = entered(place, SHARE, "1,9", "20.0", files=[("照片/证明.pdf", io.BytesIO(b"%PDF evidence"))])
    evidence = Evidence.objects.get(figure=figure)
    assert (figure.numerator, figure.denominator, evidence.name, evidence.size) == ("19", "20", "证明.pdf", 13)
    assert b"evidence" not in path_of(evidence).read_bytes()
    with opened(evidence) as content:
        assert content.read() == b"%PDF evidence"


def test_evidence_that_no_figure_names_goes_after_a_day(place):
    figure = entered(place, SHARE, "1", "20", files=[("表.pdf", io.BytesIO(b"x"))])
    kept = path_of(Evidence.objects.get(figure=figure))
    lost = kept.with_name(f"{uuid4()}.sealed")
    lost.write_bytes(b"x")
    assert sweep(now=timezone.now()) == 0
    assert sweep(now=timezone.now() + dt.timedelta(hours=25)) == 1
    assert (kept.exists(), lost.exists()) == (True, False)


def test_a_town_enters_its_own_and_a_unit_what_it_answers_for(place):
    entered(place, SHARE, "1", "2", code=TOWNS[0], by=place.clerk)
    with pytest.raises(OutOfScope):
        entered(place, SHARE, "1", "2", by=place.clerk)
    for units in ((), ("教育局",)):
        with pytest.raises(IndicatorError):
            entered(place, SHARE, "1", "2", by=place.unit, units=units)
    entered(place, SHARE, "1", "2", by=place.unit, units=("卫生健康局",))


def test_what_the_towns_entered_is_added_up_and_stands_beside_the_countys_own(place):
    for code, numerator in zip(TOWNS, ("3", "4"), strict=True):
        entered(place, SHARE, numerator, "4", code=code)
    summed = standing(place, SHARE)
    assert (summed.source, summed.reading) == ("summed", Reading(Fraction(7), Fraction(8)))
    entered(place, SHARE, "8", "8")
    own = standing(place, SHARE)
    assert (own.source, own.reading.text, own.children.reading.text, own.disagrees) == ("entered", "8/8", "7/8", True)
    below = by_child(place.one, PACKAGE, SHARE, place.county, DAY)
    assert [(node.code, one.answer) for node, one in below] == [(TOWNS[0], NOT_MET), (TOWNS[1], MET)]


def test_a_definition_from_a_day_leaves_the_days_before_undetermined(place):
    february, march = dt.date(2024, 2, 29), dt.date(2024, 3, 31)
    indicator = next(
        one
        for one in PACKAGE.indicators.values()
        if one.left_open == ["denominator"] or (one.denominator is None and one.targets[0].unit == "%")
    )
    for day in (february, march):
        entered(place, indicator.id, "99", "100", day=day)
    defined = define(
        by=place.one, package=PACKAGE, indicator=indicator.id, division=place.county, document="青民发〔2024〕3号",
        parts={"denominator": "全部特困人员"}, valid_from=dt.date(2024, 3, 1),
    )  # fmt: skip
    assert standing(place, indicator.id, march).answer == UNDETERMINED
    with pytest.raises(IndicatorError):
        settle_definition(by=place.one, definition=defined)
    settle_definition(by=place.other, definition=defined)
    assert standing(place, indicator.id, february).answer == UNDETERMINED
    assert standing(place, indicator.id, march).answer != UNDETERMINED
    answers = [point.answer for point in trend(place.one, PACKAGE, indicator.id, place.county, march)]
    assert answers[0] == UNDETERMINED and answers[1] != UNDETERMINED
    with pytest.raises(IndicatorError):
        define(
            by=place.one, package=PACKAGE, indicator=SHARE, division=place.county, document="号",
            parts={"denominator": "别的"}, valid_from=march,
        )  # fmt: skip
