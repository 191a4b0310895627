"""What of a sentence can be quoted by itself."""

import pytest

from index.ingest import import_file
from index.units import clauses, sentences


def cut(folder, text):
    """How the first article, or its first item, is cut."""
    file = folder / "rule.txt"
    file.write_text(
        f"某某市安全试行办法\n\n第一条　{text}\n\n第二条　本办法自2020年1月1日起施行。\n",
        encoding="utf-8",
    )
    document = import_file(file, folder / "edition").document
    first = next(p for p in document.provisions if p.is_leaf and "/1" in p.id)
    return [unit.text for sentence in sentences(first) for unit in clauses(sentence)]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("党委主要负责人对安全生产工作负总责；政府主要负责人是安全生产第一责任人。", 2),
        ("政府主要负责人是第一责任人；每季度召开一次会议。", 1),
        ("擅自拆除设施的企业，责令改正；对企业主要负责人处三万元以上的罚款。", 1),
        ("调查组可以查阅资料；有关单位应当配合。", 1),
        ("加强源头治理；督促企业投保。", 1),
        (
            "本级政府履行下列职责：\n（一）加强源头治理；督促企业投保；推进社会共治；\n（二）其他职责。",
            3,
        ),
        ("本级政府履行下列职责：\n（一）加强源头治理；督促企业投保；\n（二）其他职责。", 1),
        (
            "有下列情形的，应当约谈：\n（一）城区一年内发生两起以上事故的；郊区一年内发生三起以上事故的；"
            "\n（二）其他情形。",
            2,
        ),
        ("本级政府履行下列职责：\n（一）政府每年督促企业投保；加强源头治理；\n（二）其他职责。", 1),
    ],
)
def test_parts_with_the_same_kind_of_head_stand_alone(tmp_path, text, count):
    assert len(cut(tmp_path, text)) == count
