"""Rename, recode, move, merge, split, dissolve: what each does to the tree, and what is refused."""

import datetime as dt

import pytest

from songhe.divisions.domain import DivisionError, New, dissolve, found, merge, move, recode, rename, split
from songhe.divisions.models import Change, Succession, Version
from songhe.divisions.queries import carry, history, resolve, tree_on
from tests.divisions.builders import LONG_AGO, SmallCity

DAY = dt.date(2024, 7, 1)
EVE = DAY - dt.timedelta(days=1)
LATER = dt.date(2025, 7, 1)


def names_below(code: str, day: dt.date) -> list[str]:
    tree = tree_on(day)
    return [node.code for node in tree.children(tree.find(code).id)]


class TestRename:
    def test_the_old_name_stays_in_the_past(self, city: SmallCity):
        rename(division=city["990102"], name="西市", on=DAY)
        assert tree_on(EVE).find("990102").name == "西县"
        assert tree_on(DAY).find("990102").name == "西市"
        assert tree_on(DAY).find("990102").id == tree_on(EVE).find("990102").id

    def test_what_lies_below_is_untouched(self, city: SmallCity):
        rename(division=city["990102"], name="西市", on=DAY)
        assert names_below("990102", EVE) == names_below("990102", DAY)

    def test_the_same_name_is_no_change(self, city: SmallCity):
        with pytest.raises(DivisionError, match="Nothing about 西县"):
            rename(division=city["990102"], name=" 西县 ", on=DAY)


class TestRecode:
    def test_each_code_leads_there_on_its_days(self, city: SmallCity):
        county = city["990102"]
        recode(division=county, code="990182", on=DAY)
        assert (resolve("990102", EVE), resolve("990102", DAY)) == (county.pk, None)
        assert (resolve("990182", EVE), resolve("990182000000", DAY)) == (None, county.pk)

    def test_the_codes_below_change_in_the_same_change(self, city: SmallCity):
        recode(division=city["990102"], code="990182", on=DAY, codes={"990102001": "990182001"})
        assert names_below("990182", DAY) == ["990102002", "990102003", "990182001"]
        assert Change.objects.filter(on=DAY).count() == 1

    def test_two_divisions_may_swap_their_codes(self, city: SmallCity):
        one, other = city["990101"], city["990102"]
        recode(division=one, code="990102", on=DAY, codes={"990102": "990101"})
        assert (resolve("990101", DAY), resolve("990102", DAY)) == (other.pk, one.pk)

    @pytest.mark.parametrize(
        ("code", "codes", "says"),
        [
            ("990101", {}, "already belongs to 东县"),
            ("990102001", {}, "of another level"),
            ("990182", {"990109": "990189"}, "No division has the code 990109"),
            ("990182", {"990101": "990182"}, "already belongs to"),
            ("990102", {}, "Nothing about 西县"),
        ],
    )
    def test_a_code_that_cannot_be_is_refused(self, city: SmallCity, code, codes, says):
        with pytest.raises(DivisionError, match=says):
            recode(division=city["990102"], code=code, on=DAY, codes=codes)
        assert resolve("990102", DAY) == city.id("990102")


class TestMove:
    def test_it_goes_with_all_that_lies_below(self, city: SmallCity):
        move(division=city["990101001"], to=city["990102"], on=DAY)
        moved = {city.id(code) for code in ("990101001", "990101001001", "990101001002")}
        assert moved <= tree_on(EVE).subtree([city.id("990101")])
        assert moved <= tree_on(DAY).subtree([city.id("990102")])
        assert not moved & tree_on(DAY).subtree([city.id("990101")])

    def test_codes_may_follow_the_new_parent(self, city: SmallCity):
        codes = {"990101001": "990102004", "990101001001": "990102004001", "990101001002": "990102004002"}
        move(division=city["990101001"], to=city["990102"], on=DAY, codes=codes)
        assert names_below("990102004", DAY) == ["990102004001", "990102004002"]
        assert resolve("990102004", DAY) == city.id("990101001")
        assert len(history(city.id("990101001"))) == 2

    @pytest.mark.parametrize("to", ["990101", "990101001", "990101002", "990101001001"])
    def test_it_must_go_up_and_elsewhere(self, city: SmallCity, to: str):
        with pytest.raises(DivisionError, match=r"would change|coarser level"):
            move(division=city["990101001"], to=city[to], on=DAY)
        assert resolve("990101001", DAY) in tree_on(DAY).subtree([city.id("990101")])


class TestMerge:
    def test_into_one_that_exists(self, city: SmallCity):
        merge(divisions=[city["990101"]], into=city["990102"], on=DAY)
        assert len(names_below("990102", DAY)) == 6
        assert names_below("990100", DAY) == ["990102"]
        assert names_below("990100", EVE) == ["990101", "990102"]
        assert carry(city.id("990101"), EVE, DAY) == (city.id("990102"),)

    def test_into_a_new_one_that_may_take_over_a_code(self, city: SmallCity):
        new = merge(divisions=[city["990101001"], city["990101002"]], into=New("990101001", "新甲镇"), on=DAY)
        assert tree_on(DAY).find("990101001").id == new.pk
        assert tree_on(DAY).full_name(new.pk) == "松鹤市东县新甲镇"
        assert len(tree_on(DAY).children(new.pk)) == 4
        assert carry(city.id("990101002"), EVE, DAY) == (new.pk,)

    def test_across_counties_with_new_codes_below(self, city: SmallCity):
        merge(
            divisions=[city["990101003"], city["990102001"]],
            into=city["990102001"],
            on=DAY,
            codes={"990101003001": "990102001003", "990101003002": "990102001004"},
        )
        assert names_below("990102001", DAY) == [f"99010200100{number}" for number in range(1, 5)]
        assert history(city.id("990102001"))[-1].valid_to is None
        assert len(history(city.id("990102001"))) == 1

    def test_the_one_that_stays_may_be_renamed_that_day(self, city: SmallCity):
        merge(divisions=[city["990101"]], into=city["990102"], on=DAY)
        rename(division=city["990102"], name="松鹤区", on=DAY)
        assert [node.name for node in tree_on(DAY).level(3)] == ["松鹤区"]

    def test_mergers_of_one_day_lead_to_the_last(self, city: SmallCity):
        merge(divisions=[city["990101001"]], into=city["990101002"], on=DAY)
        with pytest.raises(DivisionError, match="last changed on"):
            merge(divisions=[city["990101002"]], into=city["990101003"], on=DAY)
        merge(divisions=[city["990101002"]], into=city["990101003"], on=LATER)
        assert carry(city.id("990101001"), EVE, DAY) == (city.id("990101002"),)
        assert carry(city.id("990101001"), EVE, LATER) == (city.id("990101003"),)

    def test_villages_merged_twice_on_one_day(self, city: SmallCity):
        one, two, three = (city[code] for code in ("990101001001", "990101001002", "990101002001"))
        merge(divisions=[one], into=two, on=DAY)
        merge(divisions=[two], into=three, on=DAY)
        assert carry(one.pk, EVE, DAY) == (three.pk,)
        assert carry(three.pk, DAY, EVE) == tuple(sorted([one.pk, two.pk, three.pk]))

    def test_levels_do_not_mix(self, city: SmallCity):
        with pytest.raises(DivisionError, match="another level"):
            merge(divisions=[city["990101001"]], into=city["990102"], on=DAY)

    @pytest.mark.parametrize("codes", [[], ["990101002"]])
    def test_one_division_is_no_merger(self, city: SmallCity, codes: list[str]):
        with pytest.raises(DivisionError, match="two divisions at least"):
            merge(divisions=[city[code] for code in codes], into=city["990101002"], on=DAY)
        with pytest.raises(DivisionError, match="two divisions at least"):
            merge(divisions=[city[code] for code in codes], into=New("990101009", "新镇"), on=DAY)


class TestSplit:
    def test_children_go_where_they_are_told(self, city: SmallCity):
        county = city["990101"]
        towns = {city["990101001"]: 0, city["990101002"]: 1, city["990101003"]: 1}
        north, south = split(
            division=county, parts=[New("990104", "北县"), New("990105", "南县")], on=DAY, children=towns
        )
        assert county.pk not in tree_on(DAY)
        assert names_below("990104", DAY) == ["990101001"]
        assert names_below("990105", DAY) == ["990101002", "990101003"]
        assert carry(county.pk, EVE, DAY) == (north.pk, south.pk)
        assert carry(south.pk, DAY, EVE) == (county.pk,)

    def test_a_part_may_be_carved_off(self, city: SmallCity):
        county, town = city["990101"], city["990101001"]
        (zone,) = split(
            division=county,
            parts=[New("990191", "高新区", is_committee=True)],
            on=DAY,
            children={town: 0},
            continues=True,
        )
        assert names_below("990101", DAY) == ["990101002", "990101003"]
        assert tree_on(DAY).node(town.pk).parent == zone.pk
        assert carry(county.pk, EVE, DAY) == (county.pk, zone.pk)
        assert carry(town.pk, EVE, DAY) == (town.pk,)

    def test_a_part_carved_off_comes_from_the_whole_only_before_its_day(self, city: SmallCity):
        county = city["990101"]
        (zone,) = split(division=county, parts=[New("990104", "北县")], on=DAY, children={}, continues=True)
        assert carry(zone.pk, LATER, DAY) == (zone.pk,)
        assert carry(zone.pk, LATER, EVE) == (county.pk,)
        assert carry(county.pk, DAY, LATER) == (county.pk,)

    def test_a_part_that_ends_later_is_refused(self, city: SmallCity):
        dissolve(division=city["990101001002"], on=LATER)
        with pytest.raises(DivisionError, match=r"第2村 .* exists until"):
            merge(divisions=[city["990101001001"]], into=city["990101001002"], on=DAY)

    def test_existing_neighbours_may_take_the_shares(self, city: SmallCity):
        gone, left, right = city["990101002"], city["990101001"], city["990101003"]
        split(
            division=gone,
            parts=[left, right],
            on=DAY,
            children={city["990101002001"]: 0, city["990101002002"]: 1},
        )
        assert [len(names_below(code, DAY)) for code in ("990101001", "990101003")] == [3, 3]

    def test_a_leaf_needs_no_children(self, city: SmallCity):
        parts = split(
            division=city["990101001001"],
            parts=[New("990101001011", "上村"), New("990101001012", "下村")],
            on=DAY,
            children={},
        )
        assert [tree_on(DAY).node(part.pk).parent for part in parts] == [city.id("990101001")] * 2

    @pytest.mark.parametrize(
        ("children", "says"),
        [
            ({"990101001": 0, "990101002": 0}, r"gives every division right below, .*: 丙镇"),
            ({"990101001": 0, "990101002": 0, "990101003": 2}, "no part 2"),
            ({"990101001": 0, "990101002": 0, "990101003": -1}, "no part -1"),
            ({"990101001": 0, "990101002": 0, "990101003": 1, "990102001": 1}, r"and no other, .*: 甲镇"),
        ],
    )
    def test_every_child_and_no_other_goes_to_one_part(self, city: SmallCity, children: dict[str, int], says: str):
        with pytest.raises(DivisionError, match=says):
            split(
                division=city["990101"],
                parts=[New("990104", "北县"), New("990105", "南县")],
                on=DAY,
                children={city[code]: place for code, place in children.items()},
            )
        assert Succession.objects.count() == 0

    def test_one_part_is_no_split(self, city: SmallCity):
        with pytest.raises(DivisionError, match="two different divisions"):
            split(division=city["990101001001"], parts=[New("990101001009", "上村")], on=DAY, children={})


class TestDissolve:
    def test_it_ends_on_the_eve(self, city: SmallCity):
        village = city["990101001001"]
        dissolve(division=village, on=DAY, note="移民搬迁")
        assert village.pk in tree_on(EVE)
        assert village.pk not in tree_on(DAY)
        assert carry(village.pk, EVE, DAY) == ()
        assert Version.objects.get(division=village).closed_by.note == "移民搬迁"

    def test_nothing_may_lie_below(self, city: SmallCity):
        with pytest.raises(DivisionError, match="would lose its parent"):
            dissolve(division=city["990101001"], on=DAY)

    def test_nothing_may_come_to_lie_below_later(self, city: SmallCity):
        empty = found(code="990103", name="南县", parent=city.city, on=EVE)
        move(division=city["990101001"], to=empty, on=LATER)
        with pytest.raises(DivisionError, match=r"甲镇 .* would lose its parent"):
            dissolve(division=empty, on=DAY)

    def test_it_ends_once(self, city: SmallCity):
        dissolve(division=city["990101001001"], on=DAY)
        for day in (EVE, DAY, LATER):
            with pytest.raises(DivisionError, match=f"exists until {EVE} only"):
                dissolve(division=city["990101001001"], on=day)


class TestThePast:
    @pytest.mark.parametrize("day", [LONG_AGO, EVE, DAY])
    def test_a_change_must_be_later_than_the_last_one(self, city: SmallCity, day: dt.date):
        county = city["990102"]
        rename(division=county, name="西市", on=DAY)
        with pytest.raises(DivisionError, match=f"last changed on {DAY}: a change on {day} must be later"):
            rename(division=county, name="西区", on=day)

    def test_what_gave_a_part_away_cannot_have_ceased_before(self, city: SmallCity):
        village, other = city["990102002001"], city["990102002002"]
        split(division=village, parts=[New("990102002201", "新村")], children={}, continues=True, on=LATER)
        for cease in (
            lambda: merge(divisions=[village], into=other, on=DAY),
            lambda: dissolve(division=village, on=DAY),
        ):
            with pytest.raises(DivisionError, match=f"took part in a merger or split on {LATER}"):
                cease()
        merge(divisions=[village], into=other, on=LATER + dt.timedelta(days=1))

    def test_what_took_another_in_cannot_have_ceased_before(self, city: SmallCity):
        one, other, third = city["990102002001"], city["990102002002"], city["990102001001"]
        merge(divisions=[one], into=other, on=LATER)
        with pytest.raises(DivisionError, match="took part in a merger or split"):
            merge(divisions=[other], into=third, on=DAY)

    def test_a_merger_must_be_later_than_the_last_change_below(self, city: SmallCity):
        rename(division=city["990101001"], name="甲街道", on=LATER)
        with pytest.raises(DivisionError, match=f"甲街道 .* last changed on {LATER}"):
            merge(divisions=[city["990101"]], into=city["990102"], on=DAY)

    def test_changes_of_others_may_be_recorded_in_any_order(self, city: SmallCity):
        rename(division=city["990102"], name="西市", on=LATER)
        rename(division=city["990101"], name="东市", on=DAY)
        assert [node.name for node in tree_on(DAY).level(3)] == ["东市", "西县"]
        assert [node.name for node in tree_on(LATER).level(3)] == ["东市", "西市"]

    def test_a_change_may_be_known_ahead(self, city: SmallCity):
        ahead = dt.date(2999, 1, 1)
        move(division=city["990101001"], to=city["990102"], on=ahead)
        assert tree_on().node(city.id("990101001")).parent == city.id("990101")
        assert tree_on(ahead).node(city.id("990101001")).parent == city.id("990102")
