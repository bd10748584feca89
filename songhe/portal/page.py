"""What every page carries along in its addresses: language, text size, city and day. Never an answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

ENGLISH, LARGE = "en", "large"
_CARRIED = ("city", "on", "with")
LONGEST = 100


@dataclass(frozen=True)
class Page:
    """The page asked for; `places` are the parts of its address that say what is looked at."""

    path: str
    language: str
    is_large: bool
    places: dict[str, str]

    @property
    def is_english(self) -> bool:
        return self.language == ENGLISH

    @property
    def html_language(self) -> str:
        return "en" if self.is_english else "zh-Hans"

    def at(self, **places: str) -> Page:
        """The same page with other places in its address."""
        return replace(self, places={**self.places, **places})

    def link(self, name: str, *arguments: object, **places: object) -> str:
        """Another page in the same language and text size."""
        return self._address(reverse(name, args=arguments), {key: str(value) for key, value in places.items()})

    def switched(self, *, language: str | None = None, is_large: bool | None = None) -> str:
        """The same page in another language or text size."""
        other = replace(
            self,
            language=self.language if language is None else language,
            is_large=self.is_large if is_large is None else is_large,
        )
        return other._address(self.path, self.places)

    def _address(self, path: str, places: dict[str, str]) -> str:
        query = dict(places)
        if self.is_english:
            query["lang"] = ENGLISH
        if self.is_large:
            query["text"] = LARGE
        return f"{path}?{urlencode(query)}" if query else path


def page_of(request: HttpRequest) -> Page:
    places = {name: request.GET[name][:LONGEST] for name in _CARRIED if request.GET.get(name)}
    language = ENGLISH if request.GET.get("lang") == ENGLISH else "zh"
    return Page(request.path, language, request.GET.get("text") == LARGE, places)
