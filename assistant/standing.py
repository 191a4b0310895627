"""What is said aloud about a text that does not bind, and about one that does."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from index.lexicon.loading import read_yaml, texts
from index.provision import Authority, Document, Metadata, Standing
from index.units import Unit, sentences

#: The sections of ``standing.yaml`` with words of questions.
_OF_QUESTIONS = ("about", "colophon", "asked", "beside")


def chinese_date(day: date) -> str:
    """*day* as Chinese texts write it: 2018年12月14日."""
    return f"{day.year}年{day.month}月{day.day}日"


def titled(metadata: Metadata) -> str:
    """The title in its marks; a headline that cites a title already has them."""
    return metadata.title if "《" in metadata.title else f"《{metadata.title}》"


def caution(metadata: Metadata, day: date) -> str:
    """The sentence said before anything from a text not in force on *day*; else empty."""
    if metadata.binds_on(day):
        return ""
    standing = metadata.standing_on(day)
    if not metadata.begins_after(day):
        return metadata.standing_note or _usual_caution(metadata, standing)
    is_press = metadata.authority is Authority.PRESS_REPORT
    if not is_press and standing is not Standing.DRAFT:
        return _too_early(metadata, day)
    # What is no rule at all stays none: both are said.
    return _too_early(metadata, day) + (
        metadata.standing_note or _usual_caution(metadata, standing)
    )


def _too_early(metadata: Metadata, day: date) -> str:
    """The sentence on a text that was not there on *day*, or not yet in force; else empty."""
    begins, issued = metadata.begins_on, metadata.issued_on
    if begins is None or day >= begins:
        return ""
    until = chinese_date(day)
    if issued is not None and day < issued:
        began, lacked = f"{chinese_date(issued)}才{_issued(metadata)}", "还没有这份文件"
    else:
        began, lacked = f"{chinese_date(begins)}起才施行", "尚未施行"
    return f"{titled(metadata)}{began}，{until}时{lacked}，以下内容供参考。"


def _issued(metadata: Metadata) -> str:
    if metadata.authority is Authority.PRESS_REPORT:
        return "刊出"
    return "发出" if metadata.standing is Standing.DRAFT else "印发"


def _usual_caution(metadata: Metadata, standing: Standing) -> str:
    title = titled(metadata)
    if metadata.authority is Authority.PRESS_REPORT:
        return f"以下出自媒体报道（{title}），不是文件原文，请以正式文件为准。"
    if standing is Standing.DRAFT:
        return f"{title}是征求意见稿，尚未生效，不能作为现行依据。"
    if standing is Standing.LAPSED:
        until = f"有效期至{chinese_date(metadata.expires_on)}，" if metadata.expires_on else ""
        return f"{title}{until}已经过期，仅供参考，不是现行规定。"
    if standing is Standing.SUPERSEDED:
        return f"{title}已被新的规定取代，仅供参考。"
    return f"{title}不是现行规定，仅供参考。"


def verdict(metadata: Metadata, day: date) -> str:
    """One sentence on whether the text binds on *day*, and since when: the answer to 生效了吗."""
    sentence = caution(metadata, day)
    if sentence:
        return sentence
    title = titled(metadata)
    number = f"（{metadata.number}）" if metadata.number else ""
    return f"{title}{number}{_since(metadata)}现行有效。"


def _since(metadata: Metadata) -> str:
    """When the text was issued and came into force, as far as known."""
    issued, effective = metadata.issued_on, metadata.effective_on
    if issued is not None and issued == effective:
        return f"{chinese_date(issued)}发布并于当日起施行，"
    said = f"{chinese_date(issued)}发布，" if issued else ""
    return said + (f"{chinese_date(effective)}起施行，" if effective else "")


def sentence_of_standing(document: Document, day: date) -> Unit | None:
    """The sentence in which the document shows whether it binds, or None.

    Texts in force say so at their end; drafts, plans and reports at their head.
    """
    metadata = document.metadata
    standing = metadata.standing_on(day)
    is_press = metadata.authority is Authority.PRESS_REPORT
    # a text for a term shows it where it says which year it is for, within that year too
    if metadata.expires_on is not None and standing is Standing.IN_FORCE:
        standing = Standing.LAPSED
    words = words_of_standing()["press" if is_press else standing.value]
    candidates = [unit for p in document.provisions for unit in sentences(p)]
    scored = [(sum(word in unit.text for word in words), n) for n, unit in enumerate(candidates)]
    at_end = 1 if standing is Standing.IN_FORCE and not is_press else -1
    best, place = max(scored, key=lambda pair: (pair[0], at_end * pair[1]), default=(0, 0))
    return candidates[place] if best else None


def words_about_documents() -> frozenset[str]:
    """Words that a question about a document itself uses besides its names."""
    return frozenset((*words_of_standing()["about"], *words_of_standing()["colophon"]))


@lru_cache(maxsize=1)
def words_of_standing() -> dict[str, tuple[str, ...]]:
    """The words of ``standing.yaml`` by section."""
    name = "standing.yaml"
    sections = [*(standing.value for standing in Standing), "press", *_OF_QUESTIONS]
    return {key: texts(words, name, key) for key, words in read_yaml(name, sections).items()}
