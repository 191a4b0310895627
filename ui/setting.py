"""What is set once in the head of the page and holds for all tabs: where the reader is, and who."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import gradio as gr
import yaml

from assistant.desk import Desk
from assistant.models import DocumentList
from ui.blocks import on
from ui.caller import caller_from
from ui.words import LANGUAGES, Words, words_of

#: No place, no office.
ANY = ""
#: The longest office that a question can carry, in characters.
MAX_OFFICE = 40
_OFFICES = Path(__file__).parent / "offices.yaml"
_KEPT = "anze-setting"
_WORDS_FOR_NONE = "|".join(words_of(language)["setting.anywhere"] for language in LANGUAGES)
_NONE = re.compile(rf"^(?:{_WORDS_FOR_NONE})(?![a-z])|(?<![A-Za-z])(?:{_WORDS_FOR_NONE})$")


@dataclass(frozen=True)
class Setting:
    """What is set once for all tabs, in the head of the page.

    Args:
        place: where the reader is; empty for anywhere.
        office: which post the reader holds, as listed or as typed; empty for none.
    """

    place: gr.Dropdown
    office: gr.Dropdown


class _Keeper:
    """What happens when the setting is made or changed."""

    def __init__(self, desk: Desk, words: Words) -> None:
        self._desk = desk
        self._words = words

    def restore(self, kept: Any, request: gr.Request) -> tuple[Any, Any, str]:
        """The setting as the browser kept it, as far as it is still possible."""
        documents = self._desk.reader(caller_from(request)).documents()
        choices = place_choices(documents, self._words)
        place, office = _read(kept)
        place = place if place in [value for _, value in choices] else ANY
        return (
            gr.update(choices=choices, value=place),
            gr.update(value=office),
            self._summary(place, office),
        )

    def keep(self, place: str | None, typed: str | None) -> tuple[dict[str, str], str, Any]:
        """What the browser is to keep, the line that says it, and the office as it is taken."""
        place, office = place or ANY, tidy_office(typed)
        shown = gr.skip() if office == (typed or ANY) else gr.update(value=office)
        return {"place": place, "office": office}, self._summary(place, office), shown

    def _summary(self, place: str, office: str) -> str:
        nothing = self._words["setting.anywhere"]
        named = {value: label for label, value in office_choices(self._words)}
        return self._words["setting.summary"].format(
            place=place or nothing, office=named.get(office, office)
        )


def build_setting(words: Words) -> tuple[Setting, gr.Button, gr.BrowserState]:
    """The fields, the line that shows and opens them where there is little room, and the store."""
    line = gr.Button(
        words["setting.summary"].format(
            place=words["setting.anywhere"], office=words["setting.anywhere"]
        ),
        elem_id="anze-setting-line",
    )
    with gr.Row(elem_id="anze-setting"):
        place = gr.Dropdown(
            [(words["setting.anywhere"], ANY)],
            value=ANY,
            label=words["setting.place"],
            filterable=False,
            elem_id="anze-place",
        )
        office = gr.Dropdown(
            office_choices(words),
            value=ANY,
            label=words["setting.office"],
            allow_custom_value=True,
            elem_id="anze-office",
        )
    kept = gr.BrowserState({}, storage_key=_KEPT, secret=_KEPT)  # nothing in it is secret
    return Setting(place, office), line, kept


def remember(
    blocks: gr.Blocks,
    desk: Desk,
    words: Words,
    built: tuple[Setting, gr.Button, gr.BrowserState],
) -> None:
    """Take the setting from the browser when the page loads, and give it there when it changes."""
    setting, line, kept = built
    keeper = _Keeper(desk, words)
    fields = [setting.place, setting.office]
    on(blocks.load, keeper.restore, [kept], [*fields, line])
    for event in (setting.place.input, setting.office.input, setting.office.blur):
        on(event, keeper.keep, fields, [kept, line, setting.office])


def place_choices(documents: DocumentList, words: Words) -> list[tuple[str, str]]:
    """The places of the edition, for the selector 我在."""
    places = dict.fromkeys(d.jurisdiction for d in documents.documents if d.jurisdiction)
    return [(words["setting.anywhere"], ANY), *((place, place) for place in places)]


def office_choices(words: Words) -> Sequence[tuple[str, str]]:
    """The usual offices, for the selector 我是: as the language calls them, and in Chinese."""
    in_chinese = words.language == LANGUAGES[0]
    named = ((name if in_chinese else english, name) for name, english in _offices().items())
    return [(words["setting.anywhere"], ANY), *named]


def tidy_office(office: str | None) -> str:
    """An office as typed, without space around it and no longer than a question can carry.

    Who types without taking away the word for none that stands in the field leaves it before or
    behind the office: 不限分管副区长.
    """
    return _NONE.sub("", (office or ANY).strip()).strip()[:MAX_OFFICE]


@lru_cache(maxsize=1)
def _offices() -> dict[str, str]:
    read: dict[str, str] = yaml.safe_load(_OFFICES.read_text(encoding="utf-8"))
    return read


def _read(kept: Any) -> tuple[str, str]:
    """Place and office out of the browser's store, which anybody can have written."""
    found = kept if isinstance(kept, dict) else {}
    place, office = (found.get(name) for name in ("place", "office"))
    return (
        place if isinstance(place, str) else ANY,
        tidy_office(office if isinstance(office, str) else ANY),
    )
