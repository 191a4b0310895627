"""What an answer says before its substance: how the question was read, how the places compare."""

from __future__ import annotations

from assistant.agreement import agreement
from assistant.echo import echoed
from assistant.evidence import Selection
from assistant.query import Query


def opening(query: Query, selection: Selection) -> str:
    """The first lines: what was read, which post was understood, how several places compare."""
    said = (_read_as(query), _understood(query, selection), _compared(query, selection))
    return "\n".join(filter(None, said))


def _read_as(query: Query) -> str:
    """What a question with slips was taken for."""
    return f"按“{echoed(query.read_as)}”理解。" if query.read_as else ""


def _understood(query: Query, selection: Selection) -> str:
    """Which of the regulations' posts a spoken name was taken for, where they differ."""
    shown = " ".join(e.unit.text for group in selection.groups for e in group.evidence)
    names: dict[str, list[str]] = {}
    for mention in query.bearers:
        written = next((w for w in mention.office.as_written if w in shown), "")
        if mention.words not in shown and written:
            known = names.setdefault(mention.words, [])
            known += [written] if written not in known else []
    return "".join(f"“{words}”按文件中的“{'、'.join(w)}”查。" for words, w in names.items())


def _compared(query: Query, selection: Selection) -> str:
    """How the places compare, where there are several."""
    verdicts = any(part.verdict for group in selection.groups for part in group.evidence)
    if len(selection.groups) < 2 or verdicts:
        return ""
    places = "、".join(group.scope.place or "全国" for group in selection.groups)
    said = [[part.unit.text for part in group.evidence] for group in selection.groups]
    return f"{places}{agreement(query.kinds, said).words}，分别如下："
