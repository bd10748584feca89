"""How departments write their files: the mappings that come with Songhe, and what a mapping may not be."""

from pathlib import Path

import pytest

from songhe.registry.sources.mapping import (
    MappingError,
    UnknownSource,
    mapping_for,
    mappings,
    plain_title,
    read_mapping,
)
from songhe.registry.vocabulary import fact_names, rule_facts

DEPARTMENTS = {
    "police", "health", "social_security", "medical_insurance", "disabled_federation", "civil_affairs", "veterans",
    "community",
}  # fmt: skip


def test_every_department_has_one():
    assert set(mappings()) == DEPARTMENTS


@pytest.mark.parametrize("source", sorted(DEPARTMENTS))
class TestEach:
    def test_it_takes_facts_by_their_own_name(self, source: str):
        mapping = mapping_for(source)
        facts = {column.fact for column in mapping.columns.values()}
        assert facts <= set(fact_names())
        assert {mapping.columns[fact].fact for fact in facts} == facts
        assert all(mapping.columns[fact].own for fact in facts)

    def test_every_value_of_the_vocabulary_can_be_written_by_its_label(self, source: str):
        for column in mapping_for(source).columns.values():
            fact = rule_facts().get(column.fact)
            if fact is not None and fact.type == "code":
                written = {text.zh: value for value, text in (fact.value_labels or {}).items()}
                assert {column.words[text] for text in written} == set(fact.values)

    def test_a_word_never_means_two_things(self, source: str):
        mapping = mapping_for(source)
        for column in mapping.columns.values():
            assert not set(column.words) & (mapping.unknown | mapping.withdraw)


def test_what_each_may_do():
    assert {source for source, one in mappings().items() if one.opens_files} == {"police", "civil_affairs", "community"}
    assert {source for source, one in mappings().items() if one.without_number} == {"civil_affairs", "community"}
    assert mapping_for("police").from_number == ("birth_date", "sex")


def test_titles_are_compared_without_spaces_and_widths():
    assert plain_title(" 家庭月人均收入（元） ") == "家庭月人均收入(元)"
    column = mapping_for("civil_affairs").columns[plain_title("家庭月人均收入（元）")]
    assert (column.fact, column.unit) == ("income_per_capita_month", "yuan")
    assert mapping_for("civil_affairs").columns["income_per_capita_month"].unit == "fen"


def test_an_unknown_source_names_those_there_are():
    with pytest.raises(UnknownSource, match="civil_affairs") as unknown:
        mapping_for("neighbour")
    assert "公安" in unknown.value.zh


@pytest.mark.parametrize(
    ("lines", "line", "why"),
    [
        (["source: neighbour", "columns: []"], 1, "no source neighbour"),
        (["source: police", "columns:", "  - {fact: favourite_colour}"], 3, "no fact favourite_colour"),
        (["source: police", "columns:", "  - {fact: name}", "  - {fact: sex, titles: [姓名]}"], 4, "used twice"),
        (["source: police", "columns:", "  - {fact: sex, words: {X: [其他]}}"], 3, "no value X"),
        (["source: police", "columns:", "  - {fact: name, words: {holds: [是]}}"], 3, "takes no words"),
        (["source: police", "columns:", "  - {fact: income_per_capita_month, titles: [收入]}"], 3, "no unit"),
        (["source: police", "columns:", "  - {fact: name}", "ignore: [姓名]"], 4, "a column and ignored"),
        (["source: police", "columns: []", "from_number: [name]"], 3, "does not follow"),
        (["source: police", "columns: []", "colour: red"], 3, "Extra inputs"),
        (["source: police", "columns: ["], 3, "not YAML"),
    ],
)
def test_a_wrong_mapping_says_where_and_what(tmp_path: Path, lines: list[str], line: int, why: str):
    path = tmp_path / "police.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(MappingError, match=why) as wrong:
        read_mapping(path)
    assert f"police.yaml:{line}:" in str(wrong.value)
