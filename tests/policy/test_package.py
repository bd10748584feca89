"""A package with one wrong line is refused, with the file, the line, what is wrong and how to mend it."""
# ruff: noqa: E501 (a table reads best with one case a line)

from itertools import zip_longest
from pathlib import Path

import pytest

from songhe.policy.build import build_package
from songhe.policy.errors import PackageError, Problem, UnknownPackage
from songhe.policy.load import load_package
from songhe.policy.package import Package
from tests.builders import CITIES, OVERLAYS, PACKAGES, SMALL, write_package


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_package(tmp_path / "small", SMALL)


def build(folder: Path) -> Package:
    return build_package(str(folder))


def problems(folder: Path) -> list[Problem]:
    with pytest.raises(PackageError) as refused:
        build(folder)
    assert refused.value.problems == sorted(set(refused.value.problems))
    for problem in refused.value.problems:
        assert problem.mend.strip()
        assert f"{problem.file}:{problem.line}: {problem.what}\n" in str(refused.value)
    return refused.value.problems


def edit(folder: Path, file: str, old: str, new: str) -> int:
    """Replaces a text that stands once; returns the first line that is different now."""
    path = folder / f"{file}.yaml"
    before = path.read_text("utf-8")
    assert before.count(old) == 1
    after = before.replace(old, new)
    path.write_text(after, "utf-8")
    lines = zip_longest(before.splitlines(), after.splitlines())
    return next(number for number, (left, right) in enumerate(lines, start=1) if left != right)


def test_the_small_package_is_right(small: Path) -> None:
    package = build(small)
    assert list(package.rules) == ["S-ITEM", "S-TIERS"]
    assert package.layers == ("cn", "small")


@pytest.mark.parametrize("name", PACKAGES)
def test_every_package_that_is_delivered_is_right(name: str) -> None:
    package = load_package(name)
    assert package.id == name
    assert package.document.status == ("example" if name in OVERLAYS else "document")
    assert package.rules and package.cases


@pytest.mark.parametrize(
    ("file", "old", "new", "what", "mend"),
    [
        # names and types in conditions
        ("entitlements", "disability_grade IN ('1', '2')", "disability_grad = '1'", "unknown fact disability_grad", "did you mean disability_grade"),
        ("entitlements", "who: age >= 60", "who: age = 60", "age = is not allowed", "`age >= n` or `age < n`"),
        ("entitlements", "who: age >= 60", "who: age >= ６０", "unknown parameter", "parameters are allowance, old_age"),
        ("entitlements", "who: age >= 60", "who: tekun < 'none'", "tekun is a code and has no order", "use = or <>"),
        ("entitlements", "who: age >= 60", "who: dibao = 1", "dibao is a bool", "write dibao or NOT dibao"),
        ("entitlements", "who: age >= 60", "who: hukou_since <= '2024-13-05'", "are day and month swapped", "write year-month-day"),
        ("entitlements", "who: age >= 60", "who: DROP TABLE people", "is not part of the rule language", "use names, numbers"),
        ("entitlements", "who: age >= 60", "who: lower(sex) = 'm'", "neither side of the comparison is a fact", "compare a fact"),
        ("entitlements", "who: age >= 60", "who: (SELECT true)", "is not part of the rule language", "use names, numbers"),
        ("entitlements", "who: age >= 60", "who: " + "(" * 10_000 + "dibao" + ")" * 10_000, "20005 characters", "keep it under 1000"),
        ("entitlements", "who: age >= 60", "who: " + "(" * 30 + "dibao" + ")" * 30, "nested 30 deep", "split it with all/any"),
        ("entitlements", "who: age >= 60", "who: {all: []}", "all without a list of conditions", "give it at least one"),
        ("entitlements", "who: age >= 60", "who: {any: []}", "any without a list of conditions", "give it at least one"),
        ("entitlements", "who: age >= 60", "who: {al: [dibao]}", "a condition with the keys al", "exactly one of all, any, not, use, test"),
        ("entitlements", "who: age >= 60", "who: {use: 年轻}", "unknown term 年轻", "define it in terms.yaml"),
        ("entitlements", "who: age >= 60", "who: {test: dibao, unknown: false}", "`unknown` without a reason", "add `because`"),
        ("entitlements", "who: age >= 60", "who:", "None is not a condition", "write an expression"),
        ("entitlements", "when: low_income_family", "when: low_income", "unknown fact low_income", "did you mean low_income_family"),
        ("entitlements", "when: age >= 90", "when: age > 90", "age > is not allowed", "`age >= n` or `age < n`"),
        ("terms", "is: age >= old_age", "is: age >= allowance", "allowance is a money, not an age", "give it the type age"),
        ("terms", "surely_not: tekun = 'none'", "surely_not: tekun = 'no'", "tekun has no value 'no'", "its values are none, scattered"),
        ("terms", "is: dibao", "is: {use: 困难}", "terms need each other in a circle", "cut the circle"),
        ("terms", "is: dibao", "is: {not: {use: 低保}}", "terms need each other in a circle: 低保 → 低保", "cut the circle"),
        # amounts
        ("entitlements", "value: allowance\n", "value: allowanc\n", "unknown parameter allowanc", "name one of parameters.yaml"),
        ("entitlements", "value: allowance\n", "value: old_age\n", "old_age is a age", "here a money parameter is needed"),
        ("entitlements", "value: allowance\n", "value: allowance / 3\n", "is not an amount", "share(money, percent)"),
        ("entitlements", "value: allowance * 2", "value: allowance * 1.5", "multiplied by a whole number only", "use share()"),
        ("entitlements", "    tiers:\n", "    value: allowance\n    tiers:\n", "an amount needs either `value` or `tiers`", "or kind: none"),
        ("entitlements", "    value: allowance\n", "", "an amount needs either `value` or `tiers`", "or kind: none"),
        ("entitlements", "    value: allowance\n", "    value: allowance\n    kind: none\n", "kind none with a value", "remove one"),
        # clauses, conventions and reasons
        ("parameters", "clauses: [S-2]", "clauses: [S-9]", "unknown clause S-9", "name a clause of clauses.yaml"),
        ("terms", "convention: inclusive-bounds", "convention: my-way", "unknown convention my-way", "see cn/conventions.yaml"),
        ("clauses", "tracked: principle", "tracked: no-reason", "unknown reason no-reason", "see cn/reasons.yaml"),
        # parameters
        ("parameters", "to: 2024-12-31", "to: 2025-06-30", "two values hold at once", "end the earlier one the day before"),
        ("parameters", "to: 2024-12-31, ", "", "two values hold at once", "end the earlier one the day before"),
        ("parameters", "to: 2024-12-31", "to: 2023-12-31", "2023-12-31 ends before 2024-01-01 begins", "put the earlier day first"),
        ("parameters", "value: 120元", "value: 99.99元", "99.99元 from 2024-01-01 is below the floor 100元 of S-2", "set it to 100元 or more"),
        ("parameters", "value: 120元", "value: 120", "'120' is not a sum of money", "the parameter is of type money"),
        ("parameters", "value: 120元", "value: 20%", "'20%' is not a sum of money", "the parameter is of type money"),
        ("parameters", "value: 80", "value: eighty", "'eighty' is not a whole number", "the parameter is of type age"),
        ("parameters", "value: 80", "value: 80.5", "'80.5' is not a whole number", "the parameter is of type age"),
        ("parameters", "type: age", "type: years", "type: Input should be", "use one of the listed values"),
        ("parameters", "id: old_age", "id: OldAge", "id: String should match pattern", "policies/README.md"),
        ("parameters", "from: 2025-01-01", "from: 2025-13-05", "2025-13-05 is not a day of the calendar; are day and month swapped (2025-05-13)?", "write year-month-day"),
        ("parameters", "from: 2025-01-01", "from: 2025-02-29", "2025-02-29 is not a day of the calendar", "write year-month-day"),
        ("parameters", "from: 2025-01-01", "from: spring", "values.1.from: Input should be a valid date", "write a date like"),
        # shapes
        ("entitlements", "who: age >= 60", "whom: age >= 60", "unknown key whom", "check its spelling"),
        ("entitlements", "    unit: 元/月\n    tiers", "    units: 元/月\n    tiers", "unknown key amount.units", "check its spelling"),
        ("parameters", "en: age of the allowance", "fr: âge", "name.en is missing", "add it"),
        ("parameters", "unit: 元/月", "unit: 5", "unit: Input should be a valid string", "write it as text"),
        ("clauses", "- id: S-2", "- id: S-1", "S-1 stands twice", "keep one of them"),
        ("clauses", "- id: S-2", "- name: S-2", "an entry without id", "begin it with `- id: …`"),
        ("clauses", "- id: S-2", "- id: 2", "an entry without id", "begin it with `- id: …`"),
        ("clauses", "place: 第二条", "kind: figure", "the key kind stands twice", "keep one of them"),
        ("document", "id: small", "id: tiny", "the id tiny is not the folder's name small", "make them the same"),
        ("document", "id: small", "id: small\nin_force: {from: 2024-31-12}", "are day and month swapped (2024-12-31)?", "write year-month-day"),
        ("document", "id: small", "id: small\nextends: nowhere", "no policy package 'nowhere'", "name an existing package"),
        ("document", "id: small", "id: small\nextends: small", "extends goes in a circle: small → small", "cut it"),
        # standards
        ("standards", "applies: running", "applies: runing", "unknown fact runing", "did you mean running"),
        ("standards", "applies: running", "applies: dibao", "unknown fact dibao", "facts.yaml"),
        ("standards", "actual: carers", "actual: founder", "founder is a code", "a quantity needs a number"),
        ("standards", "actual_beds / 100", "actual_bed / 100", "unknown name actual_bed", "did you mean actual_beds"),
        ("standards", "subject: institution", "subject: hospital", "subject: Input should be", "use one of the listed values"),
    ],
)  # fmt: skip
def test_one_wrong_line_is_named(small: Path, file: str, old: str, new: str, what: str, mend: str) -> None:
    line = edit(small, file, old, new)
    named = [problem for problem in problems(small) if problem.file == f"small/{file}.yaml" and what in problem.what]
    assert named, problems(small)
    assert mend in named[-1].mend
    # What is missing is named where its mapping begins; what is there twice, where it is the second time.
    assert line - 2 <= named[-1].line <= line + 1


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "what"),
    [
        ("terms", "is: dibao", "is: age = 5", 13, "低保: in 'age = 5': age = is not allowed"),
        ("entitlements", "- disability_grade IN ('1', '2')", "- age = 5", 10, "S-ITEM: in 'age = 5': age = is not allowed"),
        ("entitlements", "when: low_income_family", "when: age = 5", 22, "S-TIERS: in 'age = 5': age = is not allowed"),
        ("parameters", "from: 2025-01-01, value: 130元", "from: 2024-12-31, value: 130元", 10, "allowance: two values hold at once"),
        ("parameters", "value: 130元", "value: 13元", 10, "allowance: 13元 from 2025-01-01 is below the floor"),
        ("entitlements", "clause: S-1, convention", "clause: S-9, convention", 11, "S-ITEM: unknown clause S-9"),
        ("entitlements", "inclusive-bounds}", "my-way}", 11, "S-ITEM: unknown convention my-way"),
        ("clauses", "  tracked: principle\n", "", 11, "S-3: nothing mentions this clause"),
        ("clauses", "- id: S-4", "- id: S-5", 17, "S-5: nothing mentions this clause"),
        ("clauses", "  place: 第二条\n", "", 6, "S-2: place is missing"),
    ],
)  # fmt: skip
def test_the_line_is_the_one_to_mend(small: Path, file: str, old: str, new: str, line: int, what: str) -> None:
    edit(small, file, old, new)
    found = {(problem.file, problem.line): problem.what for problem in problems(small)}
    assert found[f"small/{file}.yaml", line].startswith(what)


def test_an_uncited_clause_is_cited_or_tracked(small: Path) -> None:
    edit(small, "clauses", "  tracked: principle\n", "")
    (problem,) = problems(small)
    assert problem.what == "S-3: nothing mentions this clause"
    assert problem.mend == "cite it, or say why it is `tracked`"


def test_a_reason_of_ones_own_is_enough(small: Path) -> None:
    edit(small, "clauses", "tracked: principle", "tracked: {zh: 无可计算, en: nothing to compute}")
    assert build(small).clauses["S-3"].tracked is not None


def test_all_problems_are_shown_at_once(small: Path) -> None:
    edit(small, "entitlements", "who: age >= 60", "who: age = 60")
    edit(small, "parameters", "value: 120元", "value: 20元")
    edit(small, "clauses", "  tracked: principle\n", "")
    assert [problem.file for problem in problems(small)] == [
        "small/clauses.yaml",
        "small/entitlements.yaml",
        "small/parameters.yaml",
    ]


@pytest.mark.parametrize("file", list(SMALL))
@pytest.mark.parametrize(
    ("content", "what", "mend"),
    [
        ("- id: &a x\n  name: *a\n", "an anchor or alias", "write the value out"),
        ("x: [" * 10_000, "nested more than 100 deep", "make a term of the inner part"),
        ("\tid: x\n", "not YAML", "check the indentation"),
        ("id: [x\n", "not YAML", "check the indentation"),
        ("id: x\n---\nid: y\n", "not YAML", "check the indentation"),
        ("id: \x07\n", "not YAML", "check for control characters"),
        ("标题".encode("gb18030"), "not UTF-8", "save it as UTF-8"),
        ("just a word\n", "not a", ""),
    ],
)  # fmt: skip
def test_what_is_not_plain_yaml_is_refused(small: Path, file: str, content: str | bytes, what: str, mend: str) -> None:
    write_package(small, {file: content})
    found = [problem for problem in problems(small) if problem.file == f"small/{file}.yaml"]
    assert what in found[0].what
    assert mend in found[0].mend


def test_a_file_that_cannot_be_read_is_the_only_problem(small: Path) -> None:
    """What follows from it, as that nothing cites a clause any more, would only hide it."""
    write_package(small, {"terms": "a: [\n"})
    assert [problem.file for problem in problems(small)] == ["small/terms.yaml"]


def test_a_circle_of_terms_is_shown_whole(small: Path) -> None:
    edit(small, "terms", "is: dibao", "is: {use: 困难}")
    assert any("困难 → 低保 → 困难" in problem.what for problem in problems(small))


@pytest.mark.parametrize("broken", ["is: age = 5", "is: {use: 困难}", "is: {test: dibao, clause: S-9}"])
def test_a_mistake_in_a_term_is_a_problem_of_that_term_alone(small: Path, broken: str) -> None:
    """The conditions that use it are right, and their lines are not the ones to mend."""
    edit(small, "terms", "is: dibao", broken)
    assert {problem.file for problem in problems(small)} == {"small/terms.yaml"}


@pytest.mark.parametrize("file", ["clauses", "entitlements"])
def test_an_empty_file_has_no_entries(small: Path, file: str) -> None:
    write_package(small, {file: "# nothing yet\n"})
    wanted = "unknown clause S-1" if file == "clauses" else "nothing mentions this clause"
    if file == "clauses":
        assert any(wanted in problem.what for problem in problems(small))
    else:
        assert build(small).entitlements == {}


@pytest.mark.parametrize("content", ["", "# only a comment\n", "[]\n"])
def test_an_empty_document_is_refused(small: Path, content: str) -> None:
    write_package(small, {"document": content})
    assert problems(small)[0] == Problem(
        "small/document.yaml", 1, "the document is not a mapping", "write id: …, title: …"
    )


def test_a_file_of_entries_is_a_list(small: Path) -> None:
    write_package(small, {"terms": "年老: age >= 80\n"})
    assert Problem("small/terms.yaml", 1, "the file is not a list of entries", "begin each with `- id: …`") in problems(
        small
    )


def test_two_packages_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    for name, base in (("one", "two"), ("two", "one")):
        document = SMALL["document"].replace("small", name) + f"extends: {base}\n"
        write_package(tmp_path / name, {"document": document})
    (problem,) = problems(tmp_path / "one")
    assert problem == Problem("two/document.yaml", 3, "extends goes in a circle: one → two → one", "cut it")


def test_an_unknown_package_names_those_there_are() -> None:
    with pytest.raises(UnknownPackage) as unknown:
        load_package("suizhou-2022")
    assert all(name in str(unknown.value) for name in CITIES)


# What a rule may name is checked wherever it comes from.


def test_a_term_of_one_subject_is_no_word_of_another(small: Path) -> None:
    edit(small, "standards", "applies: running", "applies: {use: 年老}")
    assert any("年老" in problem.what for problem in problems(small))


def test_a_broken_word_of_the_base_is_a_problem_of_the_package(small: Path) -> None:
    """`在世` is the premise of every entitlement: a package that breaks it is refused like any other."""
    edit(small, "terms", "- id: 低保\n", "- id: 在世\n  is: alive AND dibo\n- id: 低保\n")
    assert any("unknown fact dibo" in problem.what for problem in problems(small))


def test_the_amount_of_a_subsidy_names_parameters_that_exist(small: Path) -> None:
    edit(
        small,
        "standards",
        "actual: carers\n  required: actual_beds / 100",
        "counted: carers\n  amount: {value: nowhere}",
    )
    assert any("unknown parameter nowhere" in problem.what for problem in problems(small))


def chain_of_terms(count: int, definition: str) -> str:
    entries = [
        f"- id: t{number}\n  name: {{zh: 词, en: word}}\n  is: {definition.format(next=number + 1)}\n"
        for number in range(count)
    ]
    return SMALL["terms"] + "".join(entries) + f"- id: t{count}\n  name: {{zh: 词, en: word}}\n  is: dibao\n"


@pytest.mark.parametrize(
    ("count", "definition"),
    [
        (400, "{{not: {{use: t{next}}}}}"),
        (14, "{{all: [{{use: t{next}}}, {{use: t{next}}}]}}"),
    ],
    ids=["deep", "doubling"],
)
def test_terms_do_not_grow_without_bound(small: Path, count: int, definition: str) -> None:
    """Terms that use terms can be as deep, or as many, as no list ever needs: that is refused, and soon."""
    write_package(small, {"terms": chain_of_terms(count, definition)})
    assert any("t0" in problem.what or "t1" in problem.what for problem in problems(small))
