"""What the command line prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.citing import official
from assistant.models import Answer, DocumentView, ProvisionView, SearchResults, TreeNode
from index.address import Level
from index.ingest import Import
from index.normalise import summarise
from index.store import Manifest, serving_folder

_FIELD_NAMES = {
    "id": "编号",
    "title": "标题",
    "number": "文号",
    "issuer": "制发机关",
    "jurisdiction": "地方",
    "issued_on": "印发日期",
    "effective_on": "施行日期",
    "expires_on": "截止日期",
    "standing": "效力",
    "authority": "类别",
    "audience": "公开范围",
}


@dataclass(frozen=True)
class ImportReport:
    """The report on one import, for a person to check against the file received."""

    result: Import

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values; every edit is listed."""
        result = self.result
        return {
            "path": str(result.path.name),
            "changed": result.changed,
            "known": result.known,
            "metadata": {k: _plain(v) for k, v in asdict(result.document.metadata).items()},
            "notes": list(result.document.notes),
            "warnings": list(result.warnings),
            "provisions": len(result.document.provisions),
            "edits": [asdict(edit) for edit in result.edits],
        }

    def as_text(self) -> str:
        """The report in Chinese, changes counted by kind with examples."""
        result = self.result
        metadata = asdict(result.document.metadata)
        lines = [f"== {result.document.metadata.source} → {result.path.name}"]
        shown = [key for key in _FIELD_NAMES if metadata[key]]
        lines += [f"  {_FIELD_NAMES[key]}：{metadata[key]}" for key in shown]
        lines.append(f"  条款：{_counts(result)}")
        lines.append(f"  改动 {len(result.edits)} 处：")
        for _, description, count, examples in summarise(result.edits):
            lines.append(f"    {description}（{count}处）")
            lines += [f"      {example}" for example in examples]
        lines += [f"  请核对：{note}" for note in result.document.notes]
        lines += [f"  请注意：{warning}" for warning in result.warnings]
        lines.append("  已写入。" if result.changed else "  与文件库中的相同，没有改动。")
        return "\n".join(lines)


def _plain(value: Any) -> Any:
    """A metadata value as JSON has it: no date is null, aliases are a list."""
    if value is None:
        return None
    return list(value) if isinstance(value, tuple) else str(value)


def import_report(result: Import) -> ImportReport:
    """The report on *result*."""
    return ImportReport(result)


def _counts(result: Import) -> str:
    provisions = result.document.provisions
    articles = sum(1 for p in provisions if p.level is Level.ARTICLE)
    return f"{articles}条，共{len(provisions)}个节点" if articles else f"{len(provisions)}个节点"


def index_report(manifest: Manifest, root: Path, seconds: float) -> dict[str, Any]:
    """What was built, how large it is and how long it took."""
    folder = serving_folder(root)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {
        "版本": manifest.version,
        "文件": manifest.documents,
        "条款": manifest.provisions,
        "检索单元": manifest.chunks,
        "模型": manifest.model,
        "大小（MB）": round(size / 1e6, 1),
        "用时（秒）": round(seconds, 1),
    }


def answer_text(answer: Answer) -> str:
    """The answer, its basis below it."""
    lines = [answer.answer]
    lines += [f"（{n}）" for n in answer.notices if n not in answer.answer]
    if answer.model:
        lines.append(f"（由语言模型 {answer.model} 撰写，逐句核对过出处）")
    if answer.citations:
        lines.append("\n依据：")
    for citation in answer.citations:
        lines.append(f"[{citation.n}] {official(citation)}")
        lines.append(f"    “{citation.quote}”")
    return "\n".join(lines)


def search_text(results: SearchResults) -> str:
    """The results, one a paragraph."""
    lines = []
    for result in results.results:
        text = result.text if len(result.text) <= 160 else result.text[:160] + "……"
        lines.append(f"{result.document.title} {result.address}  ({result.provision_id})")
        lines.append("    " + text.replace("\n", "\n    "))
    return "\n".join(lines) or "没有找到。"


def provision_text(provision: ProvisionView) -> str:
    """The provision under its document and headings."""
    number = f"（{provision.document.number}）" if provision.document.number else ""
    path = " › ".join(provision.heading_path)
    head = f"《{provision.document.title}》{number}{provision.address}"
    return "\n".join(filter(None, (head, path, "", provision.text)))


def document_text(document: DocumentView) -> str:
    """The document's outline, with the id of every provision."""
    lines = [f"《{document.title}》{document.number}"]
    for node in document.tree:
        lines.extend(_outline(node, 1))
    return "\n".join(lines)


def _outline(node: TreeNode, depth: int) -> Iterator[str]:
    heading = f" {node.heading[:40]}" if node.heading else ""
    yield f"{'  ' * depth}{node.address}{heading}  ({node.provision_id})"
    for child in node.children:
        yield from _outline(child, depth + 1)
