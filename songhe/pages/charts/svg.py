"""Writing SVG: elements with escaped texts, the signs of the answers, and fills that differ without colour."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from songhe.pages.charts.model import State

PINE, RED, AMBER, GREY, INK = "#1d5c46", "#a61b29", "#7a5600", "#9aa39d", "#3c4540"
COLOURS = {State.PLAIN: "#35607a", State.MET: PINE, State.NOT_MET: RED, State.UNDETERMINED: AMBER}
SIZE = 13
# Words that may lie upon a line.
HALO = {"paint_order": "stroke", "stroke": "#fff", "stroke_width": 3, "stroke_linejoin": "round"}


def element(tag: str, *children: object, **attributes: object) -> SafeString:
    """`element("text", "甲", x=3, text_anchor="end")`; numbers to a tenth, None left out, `class_` is class."""
    told = "".join(_attribute(name, value) for name, value in attributes.items() if value is not None)
    inside = "".join(conditional_escape(child) for child in children)
    # HTML knows elements without an end only by name: an empty one of its own must not close itself.
    is_whole = inside or tag in _PAIRS
    return mark_safe(f"<{tag}{told}>{inside}</{tag}>" if is_whole else f"<{tag}{told}/>")


def joined(parts: Iterable[object]) -> SafeString:
    return mark_safe("".join(conditional_escape(part) for part in parts))


def _attribute(name: str, value: object) -> str:
    shown = f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value
    return f' {_NAMES.get(name) or name.rstrip("_").replace("_", "-")}="{escape(shown)}"'


_PAIRS = {"a", "div", "li", "p", "span", "table", "tbody", "td", "th", "ul"}
_NAMES = {"viewBox": "viewBox", "patternUnits": "patternUnits", "patternTransform": "patternTransform"}


def label(text: str, x: float, y: float, **attributes: object) -> SafeString:
    return element("text", text, x=x, y=y, **{"font_size": SIZE, "fill": INK, **attributes})


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> SafeString:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **{"stroke": GREY, **attributes})


def box(x: float, y: float, width: float, height: float, **attributes: object) -> SafeString:
    return element("rect", x=x, y=y, width=max(width, 0.0), height=height, **attributes)


def sign(state: State, x: float, y: float, r: float = 3.0) -> SafeString:
    """A dot where it is met, a triangle where not, an open diamond where it cannot be said."""
    colour = COLOURS[state]
    if state is State.NOT_MET:
        points = f"{x - r - 1:.1f},{y - r:.1f} {x + r + 1:.1f},{y - r:.1f} {x:.1f},{y + r + 1:.1f}"
        return element("polygon", points=points, fill=colour)
    if state is State.UNDETERMINED:
        r += 1
        points = f"{x:.1f},{y - r:.1f} {x + r:.1f},{y:.1f} {x:.1f},{y + r:.1f} {x - r:.1f},{y:.1f}"
        return element("polygon", points=points, fill="#fff", stroke=colour, stroke_width=1.5)
    return element("circle", cx=float(x), cy=float(y), r=r, fill=colour)


# Colour, and the way its pattern runs; None is a plain fill. Neighbours differ in print too.
_FILLS = (
    (PINE, None),
    ("#6a9c86", 45),
    ("#c8a45a", None),
    ("#b9d3c6", 135),
    ("#35607a", 0),
    ("#d9ddd9", None),
    ("#8f6b8f", 90),
    ("#e9c9a8", 45),
)


def patterns(name: str, number: int = len(_FILLS)) -> SafeString:
    """The definitions of the patterns of one drawing; `fill_of` names them."""
    return element("defs", *(_pattern(f"{name}-fill-{n}", *_FILLS[n % len(_FILLS)]) for n in range(number)))


def _pattern(id: str, colour: str, turned: int | None) -> SafeString:
    ground = element("rect", width=6, height=6, fill=colour)
    strokes = () if turned is None else (element("rect", width=2, height=6, fill="#fff", fill_opacity=0.55),)
    turn = None if turned is None else f"rotate({turned})"
    return element(
        "pattern", ground, *strokes, id=id, width=6, height=6, patternUnits="userSpaceOnUse", patternTransform=turn
    )


def fill_of(name: str, number: int) -> str:
    return f"url(#{name}-fill-{number % len(_FILLS)})"


def state_patterns(name: str) -> SafeString:
    """Fills of bars by answer: plain when met, striped when not, only a border when it cannot be said."""
    striped = _pattern(f"{name}-not-met", RED, 45)
    return element("defs", striped)


def state_fill(name: str, state: State) -> dict[str, object]:
    if state is State.NOT_MET:
        return {"fill": f"url(#{name}-not-met)", "stroke": RED}
    if state is State.UNDETERMINED:
        return {"fill": "#fff8e6", "stroke": AMBER, "stroke_dasharray": "4 3"}
    return {"fill": COLOURS[state]}


def drawing(name: str, title: str, about: str, width: float, height: float, *parts: object) -> SafeString:
    """The whole: an image with a title and a description for who hears it."""
    ids = {"title": f"{name}-title", "desc": f"{name}-desc"}
    told = (element("title", title, id=ids["title"]), element("desc", about or title, id=ids["desc"]))
    return element(
        "svg",
        *told,
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        aria_labelledby=f"{ids['title']} {ids['desc']}",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=float(width),
        height=float(height),
    )
