"""Where a provision points inside its own document."""

import pytest

from assistant.references import explanations, references
from index.edition import read_edition
from index.ingest import import_file

TEXT = """某市安全检查办法
第一章 总则
第一条 为了加强检查，制定本办法。
第二条 有下列情形之一的，应当约谈：
（一）不检查的；
（二）不整改的。
第三条 检查每年一次。
前款规定的检查由办公室组织。
第四条 有本办法第二条第（二）项情形的，按照本条第二款和《别处办法》第一条处理。
处理决定应当公开。
第五条 违反第三条的，依照本办法第一章办理。
"""


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    folder = tmp_path_factory.mktemp("references")
    (folder / "x.txt").write_text(TEXT, encoding="utf-8")
    import_file(folder / "x.txt", folder / "edition")
    (document,) = read_edition(folder / "edition")
    return document


def pointed_to(document, slug):
    provision = document.by_id[f"{document.id}/{slug}"]
    found = references(document, provision, provision.lead)
    return [(r.words, r.target.id.partition("/")[2]) for r in found]


@pytest.mark.parametrize(
    ("slug", "targets"),
    [
        ("3/p2", [("前款", "3/p1")]),
        ("4/p1", [("本办法第二条第（二）项", "2/i2"), ("本条第二款", "4/p2")]),
        ("5", [("第三条", "3"), ("本办法第一章", "ch1")]),
        ("1", []),
    ],
)
def test_references_are_resolved(document, slug, targets):
    assert pointed_to(document, slug) == targets


def test_only_what_the_neighbourhood_explains_is_explained(document):
    provision = document.by_id[f"{document.id}/3/p2"]
    assert explanations(document, provision, provision.lead) == ("“前款”指第三条第一款。",)
    provision = document.by_id[f"{document.id}/5"]
    assert explanations(document, provision, provision.lead) == ()
