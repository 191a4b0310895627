"""A conversation as a file: Word and Markdown. Pure functions."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from assistant.citing import official
from assistant.models import Answer, Citation
from ui.body import table_rows
from ui.markup import plain
from ui.render import Exchange, standing_word, written_day
from ui.words import Words

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARKDOWN = "text/markdown; charset=utf-8"
_SERIF, _SANS, _LATIN = "宋体", "黑体", "Times New Roman"
#: What acts as markup in Markdown; the numbers of citations are left as they are.
_MARKUP = re.compile(r"\[\d{1,3}\]|[\\`*_<>#|~\[\]]")


@dataclass(frozen=True)
class Conversation:
    """What is saved.

    Args:
        exchanges: questions and what came of them.
        day: the day it is saved.
        place, office: what was set; empty for nothing.
    """

    exchanges: Sequence[Exchange]
    day: date
    place: str = ""
    office: str = ""


def file_name(conversation: Conversation, ending: str, words: Words) -> str:
    """E.g. ``安责问答-20261122.docx``."""
    return f"{words['saved.name']}-{conversation.day:%Y%m%d}.{ending}"


def as_markdown(conversation: Conversation, words: Words) -> bytes:
    """The conversation as Markdown; no text of it acts as markup."""
    parts = [f"# {words['saved.title']}", *(f"- {line}" for line in _about(conversation, words))]
    for number, exchange in enumerate(conversation.exchanges, 1):
        parts += ["", f"## {number}. {_marked_down(_one_line(exchange.question))}", ""]
        parts += _answer_lines(exchange)
        parts += _basis_lines(exchange.answer, words)
    return ("\n".join(parts) + "\n").encode()


def _about(conversation: Conversation, words: Words) -> list[str]:
    said = [words["saved.day"].format(day=written_day(conversation.day, words))]
    if conversation.place:
        said.append(words["saved.place"].format(place=conversation.place))
    if conversation.office:
        said.append(words["saved.office"].format(office=plain(conversation.office)))
    return [*said, words["saved.note"]]


def _said(exchange: Exchange) -> list[str]:
    text = exchange.answer.answer if exchange.answer else exchange.fault
    return [line for line in map(str.strip, plain(text).split("\n")) if line]


def _answer_lines(exchange: Exchange) -> Iterator[str]:
    lines = _said(exchange)
    while lines:
        rows = table_rows(lines)
        if rows:
            yield from (lines[at] if at == 1 else _row(lines[at]) for at in range(len(rows) + 1))
            yield ""
            lines = lines[len(rows) + 1 :]
        else:
            yield from (_marked_down(lines[0]), "")
            lines = lines[1:]


def _row(line: str) -> str:
    return "| " + " | ".join(_marked_down(cell.strip()) for cell in line[1:-1].split("|")) + " |"


def _basis_lines(answer: Answer | None, words: Words) -> Iterator[str]:
    if answer is None or not answer.citations:
        return
    yield f"**{words['basis.title']}**"
    for citation in answer.citations:
        named = f"{official(citation)}（{standing_word(citation.document, words)}）"
        yield ""
        yield f"[{citation.n}] {_marked_down(plain(named))}"
        yield ""
        quoted = plain(citation.quote).split("\n")
        yield from (f"> {_marked_down(line)}".rstrip() for line in quoted)


def _marked_down(text: str) -> str:
    return _MARKUP.sub(lambda m: m[0] if len(m[0]) > 1 else "\\" + m[0], text)


def _one_line(text: str) -> str:
    return " ".join(plain(text).split())


def as_word(conversation: Conversation, words: Words) -> bytes:
    """The conversation as a Word document, in the usual Chinese faces, on A4."""
    document = Document()
    _set_page(document, words)
    document.add_heading(words["saved.title"], 0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for line in _about(conversation, words):
        document.add_paragraph(line, style="Caption")
    for number, exchange in zip(count(1), conversation.exchanges, strict=False):
        document.add_heading(f"{number}. {_one_line(exchange.question)}", 1)
        _add_answer(document, exchange)
        _add_basis(document, exchange.answer, words)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_page(document: Any, words: Words) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.8)
    section.top_margin = section.bottom_margin = Cm(2.5)
    for name, face, size in (
        ("Normal", _SERIF, 12),
        ("Title", _SANS, 20),
        ("Heading 1", _SANS, 14),
        ("Heading 2", _SANS, 12),
        ("Caption", _SERIF, 10.5),
        ("Quote", _SERIF, 12),
    ):
        _set_face(document.styles[name], face, size)
    document.styles["Normal"].paragraph_format.line_spacing = 1.5
    about = document.core_properties
    about.title, about.author, about.comments = words["saved.title"], words["brand"], ""
    about.last_modified_by, about.language = words["brand"], "zh-CN"
    about.created = about.modified = datetime.now(UTC)  # else they are the library's template's


def _set_face(style: Any, face: str, size: float) -> None:
    """One face for Chinese, one for Latin letters and digits; the theme's are taken off."""
    font = style.font
    font.name, font.size = _LATIN, Pt(size)
    font.color.rgb = None
    font.italic = False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for place in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{place}"), None)
    fonts.set(qn("w:eastAsia"), face)


def _add_answer(document: Any, exchange: Exchange) -> None:
    lines = _said(exchange)
    while lines:
        rows = table_rows(lines)
        if rows:
            _add_table(document, rows)
        else:
            document.add_paragraph(lines[0])
        lines = lines[len(rows) + 1 :]


def _add_table(document: Any, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for cells, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph()


def _add_basis(document: Any, answer: Answer | None, words: Words) -> None:
    if answer is None or not answer.citations:
        return
    document.add_heading(words["basis.title"], 2)
    for citation in answer.citations:
        document.add_paragraph(_basis_line(citation, words))
        document.add_paragraph(plain(citation.quote), style="Quote")


def _basis_line(citation: Citation, words: Words) -> str:
    return plain(
        f"[{citation.n}] {official(citation)}（{standing_word(citation.document, words)}）"
    )
