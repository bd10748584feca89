"""What a file of procedures may say, and which of them a case follows."""

import datetime as dt
from pathlib import Path

import pytest

from songhe.casework.errors import CaseError
from songhe.casework.models import Kind
from songhe.casework.procedures import BUILT_IN, FOLDERS_VARIABLE, ProcedureError, read, rulebook

DAY = dt.date(2026, 3, 2)


def found(
    kind: str = "benefit_application", *, package: str = "", item: str = "", county: str = "", day=DAY, book=None
):
    return (book or rulebook()).find(kind=kind, package=package, item=item, county=county, day=day)


def overlaid(tmp_path: Path, text: str):
    (tmp_path / "ours.yaml").write_text(text, encoding="utf-8")
    return read(BUILT_IN, tmp_path / "ours.yaml")


def faults(tmp_path: Path, text: str) -> str:
    with pytest.raises(ProcedureError) as caught:
        overlaid(tmp_path, text)
    return str(caught.value)


@pytest.mark.parametrize("kind", Kind.values)
def test_every_kind_of_case_has_a_procedure(kind: str) -> None:
    assert found(kind).kind == kind


def test_every_figure_of_ours_is_a_convention_with_its_reason() -> None:
    book = rulebook()
    for procedure in book.procedures:
        for grounds in (*procedure.steps, procedure.appeal):
            assert not grounds.clauses
            assert "平台约定" in book.conventions[grounds.because].zh


def test_what_lies_nearest_to_the_matter_wins(tmp_path: Path) -> None:
    book = overlaid(
        tmp_path,
        """
conventions:
  county_rule: {zh: 县里规定。, en: A rule of the county.}
procedures:
  - {id: county, kind: benefit_application, like: benefit_application, for: {county: "640381"},
     change: {verify: {workdays: 10, because: county_rule}}}
  - {id: item, kind: benefit_application, like: county, for: {item: QTX-M-2.1e}, without: [notice]}
""",
    )
    assert found(county="640381001201", book=book).id == "county"
    assert found(county="640381001201", book=book).step("verify").workdays == 10
    assert found(county="640302001201", book=book).id == "benefit_application"
    assert found(county="640381001201", item="QTX-M-2.1e", book=book).id == "item"
    assert [step.id for step in found(item="QTX-M-2.1e", book=book).steps] == ["accept", "verify", "approve", "inform"]


def test_a_new_version_begins_on_its_day(tmp_path: Path) -> None:
    book = overlaid(
        tmp_path,
        """
procedures:
  - {id: quick, kind: referral, like: referral, for: {county: "640381"}, to: 2026-06-30}
  - {id: quicker, kind: referral, like: referral, for: {county: "640381"}, from: 2026-07-01,
     change: {answer: {workdays: 2}}}
""",
    )
    assert found("referral", county="640381", book=book).id == "quick"
    assert found("referral", county="640381", book=book, day=dt.date(2026, 7, 1)).id == "quicker"


def test_an_operators_folder_is_laid_over_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text(
        'procedures: [{id: ours, like: referral, kind: referral, for: {county: "640381"}}]', encoding="utf-8"
    )
    monkeypatch.setenv(FOLDERS_VARIABLE, str(tmp_path))
    assert found("referral", county="640381001").id == "ours"


def test_a_kind_without_a_procedure_is_an_error() -> None:
    with pytest.raises(CaseError, match=r"procedures\.yaml"):
        found("nothing")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("verify: {duty: approver}", "another person"),
        ("approve: {duty: null}", "another person"),
        ("approve: {may: []}", "can be refused"),
        ("verify: {workdays: 0}", "greater than or equal to 1"),
        ("verify: {because: null}", "without grounds"),
        ("verify: {because: somebody_said_so}", "no convention somebody_said_so"),
        ("verify: {clauses: [SZ-L-99]}", "SZ-L-99 is no clause"),
        ("notice: {days: null}", "days belong to a notice"),
        ("verify: {kind: decide}", "one step decides"),
        ("inform: {kind: work}", "informed right after"),
        ("verify: {action: case.fly}", "action"),
        ("verify: {colour: red}", "colour"),
        ("check: {workdays: 3}", "no step check"),
    ],
)
def test_a_fault_is_named_with_file_and_line(tmp_path: Path, change: str, named: str) -> None:
    text = (
        "procedures:\n"
        "  - {id: x, kind: benefit_application, like: benefit_application, for: {package: suizhou-2023},\n"
        f"     change: {{{change}}}}}\n"
    )
    told = faults(tmp_path, text)
    assert named in told
    assert "ours.yaml:2" in told


def test_a_clause_of_the_package_is_grounds_enough(tmp_path: Path) -> None:
    book = overlaid(
        tmp_path,
        "procedures:\n"
        "  - {id: x, kind: benefit_application, like: benefit_application, for: {package: suizhou-2023},\n"
        "     change: {verify: {clauses: [SZ-L-03], because: null}}}\n",
    )
    assert found(package="suizhou-2023", book=book).step("verify").clauses == ("SZ-L-03",)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("procedures: [{kind: referral}]", "without an id"),
        ("procedures: [{id: referral, kind: referral, like: referral}]", "stands twice"),
        ("procedures: [{id: x, kind: referral, like: nothing}]", "no procedure nothing"),
        ("procedures: [{id: x, kind: referral, like: referral}]", "same as referral"),
        ("steps: []", "not a file of procedures"),
        ("procedures: [{", "not YAML"),
    ],
)
def test_a_file_that_says_too_little_or_too_much_is_refused(tmp_path: Path, text: str, named: str) -> None:
    assert named in faults(tmp_path, text)
