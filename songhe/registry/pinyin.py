"""Names as they are typed in pinyin (拼音): for searching and sorting, never for identity."""

from __future__ import annotations

from functools import lru_cache

# Surnames that are read otherwise than the character by itself.
_SURNAMES = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "乐": "yue", "查": "zha",
    "盖": "ge", "区": "ou", "朴": "piao", "翟": "zhai", "缪": "miao", "种": "chong",
    "秘": "bi", "覃": "qin", "黑": "he", "员": "yun", "折": "she", "繁": "po",
    "召": "shao", "隗": "wei", "尉迟": "yuchi", "单于": "chanyu", "万俟": "moqi", "长孙": "zhangsun",
    "澹台": "tantai",
}  # fmt: skip


def reading(name: str) -> tuple[str, str]:
    """A name's letters and its initials: `("zengxiaoming", "zxm")`; other scripts stay as they are, in lower case."""
    surname = next((name[:length] for length in (2, 1) if name[:length] in _SURNAMES), "")
    syllables = [*([_SURNAMES[surname]] if surname else []), *map(_syllable, name[len(surname) :])]
    letters = "".join(syllables)
    initials = (_initials(surname) if surname else "") + "".join(part[:1] for part in syllables[bool(surname) :])
    return letters, initials


def parts(name: str) -> tuple[str, ...]:
    """The ends of a name from its second character on, as written and in pinyin, each once."""
    ends = [name[start:] for start in range(1, len(name))]
    letters = ("".join(map(_syllable, end)) for end in ends)
    return tuple(dict.fromkeys(part for part in (*ends, *letters) if part))


def beginnings(text: str) -> tuple[str, ...]:
    """How the letters of a name can begin that begins with these characters: 单 of a 单 or of a 单于."""
    double = [letters for surname, letters in _SURNAMES.items() if len(surname) == 2 and surname[0] == text]
    return (reading(text)[0], *double)


def _initials(surname: str) -> str:
    if len(surname) == 1:
        return _SURNAMES[surname][:1]
    return {"尉迟": "yc", "单于": "cy", "万俟": "mq", "长孙": "zs", "澹台": "tt"}[surname]


@lru_cache(maxsize=30_000)
def _syllable(character: str) -> str:
    # Its tables take most of a second to load, and only writers need them.
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(character)).replace("ü", "v").lower().strip()
