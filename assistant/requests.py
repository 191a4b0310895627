"""Questions from plain values, with errors that name the field in Chinese."""

from __future__ import annotations

from datetime import date

from assistant.errors import BadQuestion
from assistant.models import MAX_QUESTION, Question, Turn


def question_of(
    text: str,
    place: str | None = None,
    as_of: str | None = None,
    history: tuple[Turn, ...] = (),
    role: str | None = None,
) -> Question:
    """The question that the plain values make.

    Raises:
        BadQuestion: a value cannot be; the message says what to write.
    """
    if not text.strip():
        raise BadQuestion("问题是空的。请写出想问的事，例如“常州受到诫勉处理多久不得提拔”。")
    if len(text) > MAX_QUESTION:
        raise BadQuestion(f"问题太长：{len(text)}个字，最多{MAX_QUESTION}个字。")
    return Question(
        question=text,
        jurisdiction=place or None,
        role=role or None,
        as_of=_day(as_of),
        history=history,
    )


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadQuestion(f"日期应写成 2026-11-21，现在是“{text}”。", "as_of") from None
