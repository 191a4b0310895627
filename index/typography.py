"""Rules about marks, punctuation and blanks: one way to print each of them."""

from __future__ import annotations

import re

from index.edits import (
    CJK_PUNCTUATION,
    HAN,
    LIST_NUMERAL,
    Edit,
    Line,
    Step,
    alternatives,
    in_order,
    rewrite,
)

_CHINESE = HAN + CJK_PUNCTUATION

# ---- Markdown and bullets (rule 7) -----------------------------------------------------------

_BULLET = r"[-*+•·●○◆◇▪▫■□➢✓–—]"
#: A bullet and a bold head in front of more text: the head must stay visible to the parser.
_RUN_IN = re.compile(rf"^(?:{_BULLET}[ ]*)+\*\*[ ]*(?P<head>[^*]{{1,60}}?)[ ]*\*\*[ ]*(?=[^ *])")
_MARKS_ONLY = re.compile(r"^[-*_=#>~`•●◆■➢ ]+$")
_HEADING = re.compile(rf"^#{{1,6}}(?:[ ]+|(?=[{_CHINESE}]))")
_QUOTED = re.compile(r"^(?:>[ ]?)+")
_PLAIN_BULLET = re.compile(rf"^(?:[-*+•●○◆◇▪▫➢✓][ ]+|[•●◆▪➢✓](?=[{_CHINESE}(]))+(?=\S)")
_BOLD = re.compile(r"\*\*+|__(?=\S)(?=.*__)|(?<=\S)__")
_EMPHASIS = re.compile(rf"(?<![\w*])\*(?=\S)([^*]*[{_CHINESE}][^*]*)(?<=\S)\*(?!\*)")
#: Tags of a page that a text was copied from, and marks of a conversation with a machine.
_TAGS = (
    "a|abbr|b|body|br|center|div|em|embed|font|form|h[1-6]|head|hr|html|i|iframe|img|input|li|link|"
    "math|meta|object|ol|p|pre|script|small|span|strong|style|sub|sup|svg|table|tbody|td|th|title|"
    "tr|u|ul|video"
)
_TAG = re.compile(rf"<(?:{_TAGS})(?:\s[^<>]*)?/?>|</[a-z][\w-]*>|<\|[^<>|]*\|>", re.IGNORECASE)
#: A link or a picture: what can be read of it stays.
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([a-z]+:[^()\s]*(?:\([^()]*\)[^()\s]*)*\)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def drop_comments(lines: list[Line]) -> Step:
    """``<!-- … -->`` goes, also where it runs over several lines."""
    text = "\n".join(line.text for line in lines)
    edits = [
        Edit("markup", lines[text[: match.start()].count("\n")].source, match[0], "")
        for match in _COMMENT.finditer(text)
    ]
    kept = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text).split("\n")
    return Step([line.saying(new) for line, new in zip(lines, kept, strict=True)], edits)


def drop_marks(lines: list[Line]) -> Step:
    """Tags, Markdown marks and bullets go; an item with a bold head becomes ``■ head　text``."""
    return in_order(
        lines,
        [
            lambda lines: rewrite(lines, "markup", _TAG, ""),
            lambda lines: rewrite(lines, "markup", _LINK, r"\1"),
            lambda lines: rewrite(lines, "markup", _MARKS_ONLY, ""),
            lambda lines: rewrite(lines, "markup", _QUOTED, ""),
            lambda lines: rewrite(lines, "run_in_head", _RUN_IN, "■ \\g<head>\u3000"),
            lambda lines: rewrite(lines, "markup", _HEADING, ""),
            lambda lines: rewrite(lines, "bullet", _PLAIN_BULLET, ""),
            lambda lines: rewrite(lines, "markup", _BOLD, ""),
            lambda lines: rewrite(lines, "markup", _EMPHASIS, r"\1"),
        ],
    )


# ---- punctuation (rule 5) --------------------------------------------------------------------

_WIDE = str.maketrans(",;:!()", "，；：！（）")
_HALF_MARK = re.compile(rf"(?<=[{_CHINESE}])[,;:!]|[,;:!](?= ?[{_CHINESE}])")
_BRACKETS = re.compile("[（()）]")
_LABEL = re.compile(rf"^[（(] ?[{LIST_NUMERAL}]{{1,4}} ?[）)]")


def widen_punctuation(lines: list[Line]) -> Step:
    """Half-width marks beside Chinese become full-width; 1,000 and GB/T 1234(E) stay."""
    lines, edits = rewrite(lines, "full_width", _HALF_MARK, lambda match: match[0].translate(_WIDE))
    widened = []
    for line in lines:
        chosen = _brackets_to_widen(line.text)
        rewritten, made = rewrite(
            [line],
            "full_width",
            _BRACKETS,
            lambda match, chosen=chosen: (  # type: ignore[misc]
                match[0].translate(_WIDE) if match.start() in chosen else match[0]
            ),
        )
        widened += rewritten
        edits += made
    return Step(widened, edits)


def _brackets_to_widen(text: str) -> set[int]:
    """Where brackets stand that belong to Chinese text; both ends of a pair or neither."""
    chosen: set[int] = set()
    opened: list[int] = []
    for match in _BRACKETS.finditer(text):
        place = match.start()
        if match[0] in "(（":
            opened.append(place)
        elif opened:
            start = opened.pop()
            if _is_chinese_pair(text, start, place):
                chosen |= {start, place}
        elif _touches_chinese(text, place, place):
            chosen.add(place)
    return chosen | {place for place in opened if _touches_chinese(text, place, place)}


def _is_chinese_pair(text: str, start: int, end: int) -> bool:
    if text[start] + text[end] in {"（)", "(）"} or _LABEL.fullmatch(text[: end + 1]):
        return True
    if re.search(f"[{_CHINESE}]", text[start : end + 1]):
        return True
    after_latin = re.search(r"[A-Za-z0-9]$", text[:start])
    return not after_latin and _touches_chinese(text, start, end)


def _touches_chinese(text: str, start: int, end: int) -> bool:
    around = text[:start].rstrip()[-1:] + text[end + 1 :].lstrip()[:1]
    return bool(re.search(f"[{_CHINESE}]", around))


# ---- blanks (rule 6) -------------------------------------------------------------------------

#: 办公室 2016年2月26日印发: a blank that parts an office from its date is no slip.
_IMPRINT = re.compile(
    rf"^(?:[{HAN}]+ )+(?=\d{{4}} ?年 ?\d{{1,2}} ?月 ?\d{{1,2}} ?日 ?[{HAN}]{{0,4}}$)"
)
_MEASURE = "年月日个次名人起项天时分家倍元万亿件处种级类"
#: 会议通过 2010年11月30日公布: two steps of a law's history, each with its day.
_ENACTED_ON = rf"(?<={alternatives('enactments')}) \d{{4}} ?年"
_BEFORE_DIGIT = re.compile(rf"(?<=[{HAN}])(?!{_ENACTED_ON}) (?=\d)")
_AFTER_DIGIT = re.compile(rf"(?<=\d) (?=[{HAN}])")
#: 3 名 at the start of a line counts names, 3 组织 is an item whose point is lost.
_BARE_NUMBER = re.compile(rf"^\d{{1,3}} (?![{_MEASURE}])")
_NUMBERED_UNIT = re.compile(
    rf"^第[{LIST_NUMERAL}零〇千两]+[编章节条](?:之[一二三四五六七八九十]+)? "
)
_AFTER_MARK = re.compile(
    rf"(?<=[，、；：《（“‘〔【]) | (?=[，、。；：？！》）”’〕】])|(?<=[）”’]) (?=[{HAN}])"
)
_BRACKETED_LABEL = re.compile(rf"^(（) ?([{LIST_NUMERAL}]{{1,4}}) ?(）) ?(?=\S)")
_DOTTED_LABEL = re.compile(rf"^(\d{{1,3}})\. ?(?=[{HAN}《“‘（〈])")
_SPACED_ARTICLE = re.compile(rf"^第 ?([{LIST_NUMERAL}零〇千两]+) ?([编章节条])(?= )")
_LETTER_SPACED = re.compile(rf"(?<![^ ])[{HAN}](?: [{HAN}])+(?![^ ])")


def tidy_blanks(lines: list[Line]) -> Step:
    """Blanks between Chinese and digits, after labels and within spaced headings go."""
    return in_order(
        lines,
        [
            lambda lines: rewrite(lines, "blank", _LETTER_SPACED, _closed),
            lambda lines: rewrite(lines, "blank", _SPACED_ARTICLE, r"第\1\2"),
            lambda lines: rewrite(lines, "blank", _AFTER_MARK, ""),
            lambda lines: rewrite(lines, "blank", _BRACKETED_LABEL, r"\1\2\3"),
            lambda lines: rewrite(lines, "blank", _DOTTED_LABEL, r"\1. "),
            _close_numbers,
        ],
    )


def _closed(match: re.Match[str]) -> str:
    return match[0].replace(" ", "")


def _close_numbers(lines: list[Line]) -> Step:
    closed: list[Line] = []
    edits: list[Edit] = []
    for line in lines:
        held = max(_end(p, line.text) for p in (_IMPRINT, _BARE_NUMBER, _NUMBERED_UNIT))
        made: list[Edit] = []
        text = line
        for pattern in (_BEFORE_DIGIT, _AFTER_DIGIT):
            (text,), new = rewrite(
                [text],
                "blank",
                pattern,
                lambda match, held=held: match[0] if match.start() < held else "",  # type: ignore[misc]
            )
            made += new
        closed.append(text)
        edits += made
    return Step(closed, edits)


def _end(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.match(text)
    return match.end() if match else 0


_TITLE = re.compile("《([^《》]{6,80})》")


def close_wrapped_titles(lines: list[Line]) -> Step:
    """A blank that broke a title's line goes where the text itself has the title without it."""
    whole = {t for line in lines for t in _TITLE.findall(line.text) if " " not in t}
    spaced = "\n".join(line.text for line in lines if " " in line.text).replace(" ", "")
    closed = [
        re.compile(" ?".join(map(re.escape, title))) for title in sorted(whole) if title in spaced
    ]
    return in_order(
        lines,
        [
            lambda lines, broken=broken: rewrite(lines, "wrapped_title", broken, _closed)  # type: ignore[misc]
            for broken in closed
        ],
    )
