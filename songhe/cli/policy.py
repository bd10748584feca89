"""`songhe policy`: check, show, compare and account for policy packages."""

from __future__ import annotations

import sys

import click
from rich.table import Table

from songhe.cli.console import fail, out
from songhe.cli.packages import load
from songhe.cli.policy_indicators import show_indicator, show_indicators
from songhe.decision.cases import run_cases
from songhe.entitlement.paying import show_paying
from songhe.policy.compare.check import check_rows
from songhe.policy.compare.rows import FOLDER, load_rows
from songhe.policy.coverage import CARRIER_NAMES, TRACKED, by_capability, coverage
from songhe.policy.diff import diff
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.folders import package_ids
from songhe.policy.load import load_package
from songhe.policy.package import Package
from songhe.policy.wording import show_amount, show_condition, show_dated

_KIND_NAMES = {
    "terms": "术语",
    "parameters": "参数",
    "entitlements": "项目",
    "indicators": "指标",
    "tasks": "任务",
    "standards": "标准",
    "conflicts": "矛盾",
    "clauses": "条款",
}
_CARRIER_LABELS = {
    "entitlement": "项目",
    "parameter": "参数",
    "indicator": "指标",
    "task": "任务",
    "standard": "标准",
    "conflict": "矛盾",
    TRACKED: "按任务跟踪",
}


@click.group()
def policy() -> None:
    """Policy packages 政策包: check, show, diff, coverage, conflicts."""


@policy.command()
@click.argument("packages", nargs=-1)
def check(packages: tuple[str, ...]) -> None:
    """Check packages (all by default): shape, names, types, dates, floors, clauses, golden cases."""
    results = [_check(name) for name in packages or package_ids()]
    if not packages:
        results.append(_check_comparison())
    sys.exit(0 if all(results) else 1)


def _check_comparison() -> bool:
    """Whether everything in the documents stands in the comparison of cities, exactly once."""
    try:
        rows = load_rows()
        problems = check_rows(rows)
    except PackageError as error:
        problems = error.problems
    if problems:
        return _refused(FOLDER, f"{len(problems)} 处问题 problems", list(map(str, problems)))
    out.print(f"✓ {FOLDER}: {len(rows.rows)} 行 rows", style="green", markup=False)
    return True


def _check(name: str) -> bool:
    try:
        package = load_package(name)
    except UnknownPackage as error:
        fail(str(error))
    except PackageError as error:
        return _refused(name, f"{len(error.problems)} 处问题 problems", list(map(str, error.problems)))
    failures = run_cases(package)
    if failures:
        return _refused(name, f"{len(failures)} 个算例不符 golden cases fail", [f"  {f}" for f in failures])
    counts = f"{len(package.clauses)} 条款 clauses, {len(package.rules)} 项目 entitlements"
    cases = len(package.cases) + len(package.indicator_cases)
    out.print(f"✓ {name}: {counts}, {cases} 算例 golden cases", style="green", markup=False)
    return True


def _refused(name: str, what: str, lines: list[str]) -> bool:
    out.print(f"✗ {name}: {what}", style="bold red", markup=False)
    for line in lines:
        out.print(line, markup=False)
    return False


@policy.command()
@click.argument("package")
@click.argument("item", required=False)
def show(package: str, item: str | None) -> None:
    """Show a package: its document, entitlements, parameters and indicators; or one ITEM with its clauses."""
    loaded = load(package)
    if item is None:
        _show_document(loaded)
        _show_entitlements(loaded)
        _show_parameters(loaded)
        show_indicators(loaded)
    else:
        _show_item(loaded, item)


def _show_document(package: Package) -> None:
    document = package.document
    out.rule(f"{document.title.zh}")
    rows = {
        "编号 number": document.number,
        "发文 issuer": document.issuer.zh if document.issuer else None,
        "签发 signed": document.signed,
        "发布 published": document.published,
        "生效 in force": document.in_force.start,
        "依据 layers": " → ".join(package.layers),
        "内容指纹 hash": package.hash[:16],
        "残缺 incomplete": document.incomplete.zh if document.incomplete else None,
    }
    for label, value in rows.items():
        if value is not None or "生效" in label:
            out.print(f"{label}: {value or '文件未写 not written'}", markup=False)


def _show_entitlements(package: Package) -> None:
    table = Table(title="服务项目 Entitlements", show_lines=False)
    for column in ("编号", "项目", "对象", "金额", "牵头"):
        table.add_column(column, overflow="fold")
    for rule in package.rules.values():
        entry = rule.entitlement
        amount = show_amount(entry.amount)
        table.add_row(entry.id, entry.name.zh, show_condition(entry.who), amount, "、".join(entry.lead))
    out.print(table)


def _show_parameters(package: Package) -> None:
    table = Table(title="参数 Parameters")
    for column in ("参数", "名称", "数值", "下限", "条款"):
        table.add_column(column, overflow="fold")
    for id, parameter in package.parameters.items():
        values = show_dated(parameter, package.figures.values[id]) or "未写"
        floors = show_dated(parameter, package.figures.floors[id]) or "—"
        table.add_row(id, parameter.name.zh, values, floors, ", ".join(parameter.clauses))
    out.print(table)


def _show_item(package: Package, item: str) -> None:
    if item in package.rules:
        rule = package.rules[item]
        entry = rule.entitlement
        out.rule(f"{entry.id} {entry.name.zh} {entry.name.en}")
        out.print(f"内容 what: {entry.what.zh}", markup=False)
        out.print(f"对象 who: {show_condition(entry.who)}", markup=False)
        out.print(f"金额 amount: {show_amount(entry.amount)}", markup=False)
        if rule.amount.kind != "none":
            out.print(f"发放 paid: {show_paying(rule)}", markup=False)
        clauses = rule.clauses
    elif item in package.indicators:
        indicator = package.indicators[item]
        show_indicator(package, indicator)
        clauses = tuple(indicator.clauses)
    elif item in package.clauses:
        clauses = (item,)
    else:
        fail(f"{package.id} has no entitlement, indicator or clause {item!r}")
    for id in clauses:
        clause = package.clauses[id]
        out.print(f"  {id}（{clause.place}）{clause.text.zh}", markup=False)
        if clause.note:
            out.print(f"      注: {clause.note}", markup=False, style="yellow")


@policy.command("diff")
@click.argument("left")
@click.argument("right")
def diff_command(left: str, right: str) -> None:
    """Show what package RIGHT says differently from package LEFT."""
    differences = diff(load(left), load(right))
    table = Table(title=f"{left} → {right}")
    for column in ("类别", "编号", "字段", left, right):
        table.add_column(column, overflow="fold")
    for item in differences:
        sides = (_side(item.left), _side(item.right))
        table.add_row(_KIND_NAMES[item.kind], item.id, item.field or "整条", *sides)
    out.print(table)
    out.print(f"{len(differences)} 处不同 differences", markup=False)


def _side(value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, dict) and "zh" in value:
        return str(value["zh"])
    return str(value)


@policy.command("coverage")
@click.argument("packages", nargs=-1)
@click.option("--clauses", is_flag=True, help="List every clause with what carries it.")
def coverage_command(packages: tuple[str, ...], clauses: bool) -> None:
    """Show how the clauses of each document are carried, by capability."""
    names = packages or tuple(name for name in package_ids() if load(name).document.status == "document")
    for name in names:
        package = load(name)
        (_print_clauses if clauses else _print_capabilities)(package)


def _print_capabilities(package: Package) -> None:
    columns = [*CARRIER_NAMES.values(), TRACKED]
    table = Table(title=f"{package.id}  {package.document.title.zh}")
    table.add_column("能力 capability")
    for column in columns:
        table.add_column(f"{_CARRIER_LABELS[column]}\n{column}", justify="right")
    table.add_column("条款\nclauses", justify="right")
    totals = dict.fromkeys(columns, 0)
    for capability, counts in by_capability(coverage(package)).items():
        table.add_row(capability, *(str(counts[c] or "") for c in columns), str(sum(counts.values())))
        totals = {c: totals[c] + counts[c] for c in columns}
    table.add_section()
    table.add_row("合计 total", *(str(totals[c]) for c in columns), str(sum(totals.values())), style="bold")
    out.print(table)


def _print_clauses(package: Package) -> None:
    table = Table(title=f"{package.id}  {package.document.title.zh}")
    for column in ("条款", "位置", "内容", "由…承载"):
        table.add_column(column, overflow="fold")
    for item in coverage(package):
        carriers = ", ".join(f"{_CARRIER_LABELS[name]} {id}" for name, id in item.carriers)
        carried = carriers or f"{_CARRIER_LABELS[TRACKED]} {TRACKED}: {item.reason}"
        table.add_row(item.clause.id, item.clause.place, item.clause.text.zh, carried)
    out.print(table)


@policy.command()
@click.argument("packages", nargs=-1)
def conflicts(packages: tuple[str, ...]) -> None:
    """Show the contradictions of each document: every reading with its clause, none preferred."""
    for name in packages or tuple(package_ids()):
        package = load(name)
        if package.conflicts:
            _print_conflicts(package)


def _print_conflicts(package: Package) -> None:
    table = Table(title=f"{package.id}  {len(package.conflicts)} 处矛盾 contradictions", show_lines=True)
    for column in ("编号", "事项", "各读法（不分先后）", "影响"):
        table.add_column(column, overflow="fold")
    for conflict in package.conflicts.values():
        readings = "\n".join(f"{reading.clause}: {reading.says.zh}" for reading in conflict.readings)
        table.add_row(conflict.id, conflict.about.zh, readings, conflict.effect.zh if conflict.effect else "")
    out.print(table)
