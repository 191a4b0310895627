"""The audit log as text for the terminal."""

from __future__ import annotations

from datetime import datetime

from assistant.audit.reading import Entry, Judgement

_STATUS = {"answered": "已答", "refused": "拒答"}


def entry_line(entry: Entry) -> str:
    """One answered question in one line."""
    question = " ".join(entry.question.split())
    shown = question if len(question) <= 40 else question[:39] + "…"
    how = _STATUS.get(entry.status, entry.status) + (f"（{entry.reason}）" if entry.reason else "")
    return f"{local(entry.at)}  {entry.id}  {entry.caller}/{entry.door}  {how}  {shown}"


def entry_text(entry: Entry) -> str:
    """All that is kept of one answered question."""
    cited = [
        f"    [{c['n']}] {c['provision_id']} {c['start']}–{c['end']} “{c['quote']}”"
        for c in entry.citations
    ]
    said_before = [f"    {turn['role']}：{turn['content']}" for turn in entry.history]
    spent = "，".join(f"{stage} {ms}" for stage, ms in entry.timings_ms.items())
    lines = [
        f"编号：{entry.id}",
        f"时间：{local(entry.at)}",
        f"谁问：{entry.caller}，由 {entry.door}",
        f"问题：{entry.question}",
        *(["此前：", *said_before] if said_before else []),
        *([f"地方：{entry.jurisdiction}"] if entry.jurisdiction else []),
        *([f"职务：{entry.role}"] if entry.role else []),
        *([f"以哪天为准：{entry.as_of}"] if entry.as_of else []),
        f"结果：{_STATUS.get(entry.status, entry.status)} {entry.reason or ''}".rstrip(),
        f"回答：{entry.answer}",
        *(["依据：", *cited] if cited else []),
        f"方式：{entry.mode}，语言模型 {entry.model or '无'}，提示词 {entry.prompt_digest or '无'}",
        f"索引：{entry.index_version}，向量模型 {entry.embedding_model}",
        f"用时（毫秒）：{spent}",
    ]
    return "\n".join(lines)


def judgement_line(judgement: Judgement) -> str:
    """One feedback in one line."""
    verdict = "有帮助" if judgement.helpful else "没帮助"
    said = " ".join((judgement.comment or "").split())
    line = f"{local(judgement.at)}  {judgement.entry.id}  {verdict}  {judgement.entry.question}"
    return f"{line}  ——{said}" if said else line


def local(at: datetime) -> str:
    """The moment by this machine's clock, with how far that is from UTC: +08:00."""
    return at.astimezone().isoformat(" ", "seconds")
