"""An overlay holds only what differs: it replaces the fields it gives and keeps the rest."""

from pathlib import Path

import pytest

from songhe.policy.build import build_package
from songhe.policy.errors import PackageError
from songhe.policy.folders import EXTRA_FOLDERS_VARIABLE, package_ids
from songhe.policy.package import Package
from songhe.rules import tree
from tests.builders import SMALL, write_package

DOCUMENT = "id: county\ntitle: {zh: 县, en: county}\nextends: small\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_package(tmp_path / "small", SMALL)
    return tmp_path / "county"


def overlay(folder: Path, **files: str) -> Package:
    return build_package(str(write_package(folder, {"document": DOCUMENT, **files})))


def refusals(folder: Path, **files: str) -> list[str]:
    with pytest.raises(PackageError) as refused:
        overlay(folder, **files)
    return [f"{problem.file}:{problem.line} {problem.what}" for problem in refused.value.problems]


def test_nothing_differs_where_nothing_is_said(folder: Path) -> None:
    county, small = overlay(folder), build_package(str(folder.parent / "small"))
    assert (county.id, county.layers) == ("county", ("cn", "small", "county"))
    assert [document.id for document in county.documents] == ["cn", "small", "county"]
    for part in ("clauses", "terms", "parameters", "figures", "entitlements", "rules", "standards"):
        assert getattr(county, part) == getattr(small, part)


def test_a_field_that_is_given_replaces_the_bases_and_the_others_stay(folder: Path) -> None:
    county = overlay(folder, entitlements="- id: S-ITEM\n  amount: {kind: unset, unit: 元/年}\n")
    item = county.entitlements["S-ITEM"]
    assert (item.amount.kind, item.amount.unit, item.name.zh) == ("unset", "元/年", "高龄津贴")
    assert list(county.entitlements) == ["S-ITEM", "S-TIERS"]


def test_a_new_id_is_added_at_the_end(folder: Path) -> None:
    county = overlay(
        folder,
        entitlements="""\
- id: C-ITEM
  name: {zh: 探访, en: visits}
  what: {zh: 每月探访, en: a visit a month}
  clauses: [S-1]
  who: {use: 年老}
  amount: {kind: none}
""",
    )
    assert list(county.rules) == ["S-ITEM", "S-TIERS", "C-ITEM"]


def test_values_replace_the_bases_and_the_floor_stays(folder: Path) -> None:
    county = overlay(folder, parameters="- id: allowance\n  values: [{from: 2026-01-01, value: 150元}]\n")
    assert [figure.value for figure in county.figures.values["allowance"]] == [15_000]
    assert [figure.value for figure in county.figures.floors["allowance"]] == [10_000]
    assert county.parameters["allowance"].clauses == ["S-2"]


def test_a_value_below_the_bases_floor_is_refused_at_the_overlays_line(folder: Path) -> None:
    text = "- id: allowance\n  values:\n    - {from: 2026-01-01, value: 99元}\n"
    assert refusals(folder, parameters=text) == [
        "county/parameters.yaml:3 allowance: 99元 from 2026-01-01 is below the floor 100元 of S-2"
    ]


def test_a_term_that_a_county_closes_is_closed_wherever_it_is_used(folder: Path) -> None:
    assert tree.terms_of(build_package(str(folder.parent / "small")).rules["S-ITEM"].condition) == ("困难",)
    county = overlay(folder, terms="- id: 困难\n  is: dibao OR low_income_family\n")
    assert tree.terms_of(county.rules["S-ITEM"].condition) == ()


def test_a_mistake_of_the_overlay_is_named_in_the_overlay(folder: Path) -> None:
    found = refusals(folder, entitlements="- id: S-ITEM\n  who: age = 80\n")
    assert found == ["county/entitlements.yaml:2 S-ITEM: in 'age = 80': age = is not allowed"]


def test_a_mistake_of_the_base_is_named_in_the_base(folder: Path) -> None:
    write_package(folder.parent / "small", {"terms": SMALL["terms"].replace("is: dibao", "is: dibo")})
    assert "small/terms.yaml:13 低保: in 'dibo': unknown fact dibo" in refusals(folder)


def test_the_same_id_twice_in_one_file_is_no_overlay(folder: Path) -> None:
    text = "- id: allowance\n  unit: 元\n- id: allowance\n  unit: 元\n"
    assert refusals(folder, parameters=text) == ["county/parameters.yaml:3 allowance stands twice"]


def test_golden_cases_are_the_packages_own(folder: Path) -> None:
    case = (
        "- {id: c, title: {zh: 例, en: case}, on: 2024-05-01, facts: {alive: true}, expect: {S-ITEM: undetermined}}\n"
    )
    write_package(folder.parent / "small", {"cases": case})
    assert list(build_package(str(folder.parent / "small")).cases) == ["c"]
    assert overlay(folder).cases == {}


def test_overlays_lie_over_overlays(folder: Path) -> None:
    overlay(folder, parameters="- id: old_age\n  values: [{value: 75}]\n")
    town = write_package(
        folder.parent / "town",
        {
            "document": DOCUMENT.replace("county", "town").replace("extends: small", "extends: county"),
            "parameters": "- id: old_age\n  unit: 岁\n",
        },
    )
    package = build_package(str(town))
    assert package.layers == ("cn", "small", "county", "town")
    assert (package.parameters["old_age"].unit, package.figures.values["old_age"][0].value) == ("岁", 75)


def test_a_city_keeps_its_packages_in_folders_of_its_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_package(folder, {"document": DOCUMENT.replace("extends: small", "extends: suizhou-2023")})
    monkeypatch.setenv(EXTRA_FOLDERS_VARIABLE, f"{folder.parent}:{folder.parent / 'nowhere'}")
    assert {"county", "small", "suizhou-2023"} <= set(package_ids())
    assert build_package("county").layers == ("cn", "suizhou-2023", "county")


def test_a_county_may_say_from_which_month_a_grant_pays(folder: Path) -> None:
    small = build_package(str(write_package(folder.parent / "small", SMALL)))
    (item,) = list(small.entitlements)[:1]
    said = f"- id: {item}\n  paid_from: {{month: after_decided, clauses: [CLAUSE]}}\n"
    start = overlay(folder, entitlements=said.replace("CLAUSE", "S-2")).entitlements[item].paid_from
    assert start is not None and (start.month, start.clauses) == ("after_decided", ["S-2"])
    assert refusals(folder, entitlements=said.replace("CLAUSE", "S-99")) == [
        "county/entitlements.yaml:2 " + f"{item}: unknown clause S-99"
    ]
    (why,) = refusals(folder, entitlements=f"- id: {item}\n  paid_from: {{month: applied}}\n")
    assert "it rests on nothing" in why
