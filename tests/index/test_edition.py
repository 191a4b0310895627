"""The edition: taking files in, front matter, and the five documents as they were received."""

import shutil

import pytest

from index.edition import SHIPPED, edits_path, read_document, read_edits, read_metadata
from index.errors import BadDocument
from index.ingest import import_file
from index.provision import Audience, Authority, Standing
from tests.shared import needs, shared

LETTER = """某市人民政府办公室
某政办〔2021〕7号
关于印发《苏州市安全生产责任制规定》的通知
各县区：
现印发给你们，请遵照执行。
苏州市人民政府办公室
2021年3月5日
第一条 为了落实安全生产责任制，制定本规定。
第二条 本规定自2021年4月1日起施行。
"""


def test_a_received_file_says_what_it_is(tmp_path):
    source = tmp_path / "in.txt"
    source.write_text(LETTER, encoding="utf-8")
    metadata = import_file(source, tmp_path / "edition").document.metadata
    assert metadata.title == "苏州市安全生产责任制规定"
    assert metadata.number == "某政办〔2021〕7号"
    assert metadata.issuer == "苏州市人民政府办公室"
    assert metadata.jurisdiction == "苏州市"
    assert (str(metadata.issued_on), str(metadata.effective_on)) == ("2021-03-05", "2021-04-01")
    assert metadata.id == "suzhou-2021"


@pytest.mark.parametrize(
    ("change", "standing", "audience"),
    [
        (lambda t: t, Standing.IN_FORCE, Audience.PUBLIC),
        (
            lambda t: t.replace("规定》的", "规定》（征求意见稿）的"),
            Standing.DRAFT,
            Audience.PUBLIC,
        ),
        (lambda t: t + "公开方式：不公开\n", Standing.IN_FORCE, Audience.INTERNAL),
    ],
)
def test_drafts_and_internal_files_are_recognised(tmp_path, change, standing, audience):
    source = tmp_path / "in.txt"
    source.write_text(change(LETTER), encoding="utf-8")
    metadata = import_file(source, tmp_path / "edition").document.metadata
    assert (metadata.standing, metadata.audience) == (standing, audience)


def test_importing_again_changes_nothing_and_keeps_what_a_person_corrected(tmp_path):
    source, edition = tmp_path / "in.txt", tmp_path / "edition"
    source.write_text(LETTER, encoding="utf-8")
    import_file(source, edition, {"title": "更正后的标题", "standing": "superseded"})
    before = {path.name: path.read_bytes() for path in edition.rglob("*.*")}
    again = import_file(source, edition)
    assert (again.changed, again.known) == (False, True)
    assert again.document.metadata.title == "更正后的标题"
    assert {path.name: path.read_bytes() for path in edition.rglob("*.*")} == before


def test_giving_a_document_another_id_moves_it(tmp_path):
    source, edition = tmp_path / "in.txt", tmp_path / "edition"
    source.write_text(LETTER, encoding="utf-8")
    import_file(source, edition)
    import_file(source, edition, {"id": "suzhou-new"})
    assert [path.name for path in edition.glob("*.md")] == ["suzhou-new.md"]


@pytest.mark.parametrize(
    ("overrides", "fault"),
    [
        ({"colour": "red"}, "colour"),
        ({"standing": "valid"}, "in_force"),
        ({"issued_on": "昨天"}, "2018-12-14"),
        ({"id": "常州"}, "英文"),
    ],
)
def test_metadata_that_cannot_be_is_refused_and_nothing_is_written(tmp_path, overrides, fault):
    source = tmp_path / "in.txt"
    source.write_text(LETTER, encoding="utf-8")
    with pytest.raises(BadDocument, match=fault):
        import_file(source, tmp_path / "edition", overrides)
    assert not (tmp_path / "edition").exists()


@pytest.mark.parametrize("data", [b"", b"   \n\n", b"%PDF-1.7\n\x00\x01", b"\x89PNG\r\n\x1a\n\x00"])
def test_a_file_without_text_is_a_clear_error(tmp_path, data):
    source = tmp_path / "in.txt"
    source.write_bytes(data)
    with pytest.raises(BadDocument):
        import_file(source, tmp_path / "edition")


@pytest.mark.parametrize(
    "content",
    ["", "正文", "---\n: [\n---\n正文", "---\nid: a\n---\n正文", "---\nid: a\ntitle: b\n---\n"],
)
def test_a_damaged_edition_file_names_itself(tmp_path, content):
    (tmp_path / "bad.md").write_text(content, encoding="utf-8")
    with pytest.raises(BadDocument, match=r"bad\.md"):
        read_document(tmp_path / "bad.md")


SHIPPED_AS = {
    "shanghai-2015": (Standing.IN_FORCE, Authority.PRESS_REPORT, Audience.PUBLIC),
    "zhanjiang-2016": (Standing.DRAFT, Authority.NORMATIVE_DOCUMENT, Audience.INTERNAL),
    "changzhou-2018": (Standing.IN_FORCE, Authority.NORMATIVE_DOCUMENT, Audience.PUBLIC),
    "chengdu-2020": (Standing.IN_FORCE, Authority.DUTY_LIST, Audience.PUBLIC),
    "jingan-2017": (Standing.LAPSED, Authority.WORK_PLAN, Audience.PUBLIC),
}


def test_the_shipped_documents_stand_as_they_are():
    read = {m.id: m for m in (read_metadata(path) for path in SHIPPED.glob("*.md"))}
    assert {i: (m.standing, m.authority, m.audience) for i, m in read.items()} == SHIPPED_AS


def test_what_was_changed_in_the_shipped_documents_is_listed():
    for document_id in SHIPPED_AS:
        assert read_edits(edits_path(SHIPPED, document_id))


@needs("sources")
def test_the_shipped_edition_comes_out_of_the_received_files_byte_for_byte(tmp_path):
    edition = tmp_path / "edition"
    shutil.copytree(SHIPPED, edition)
    for path in edition.glob("*.md"):  # keep the front matter, make the text anew
        head, fence, _ = path.read_text(encoding="utf-8").partition("\n---\n")
        path.write_text(head + fence + "待重新整理\n", encoding="utf-8")
    for source in sorted(shared("sources").glob("*.txt")):
        assert import_file(source, edition).known
    for path in [*SHIPPED.glob("*.md"), *SHIPPED.glob("edits/*.jsonl")]:
        assert (edition / path.relative_to(SHIPPED)).read_bytes() == path.read_bytes(), path.name
