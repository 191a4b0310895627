"""The edition: taking files in, front matter, and the five documents as they were received."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from index.edition import SHIPPED, edits_path, read_document, read_edits, read_metadata
from index.errors import BadDocument
from index.identify import identify
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
        ({"id": "."}, "英文"),
        ({"id": ".."}, "英文"),
        ({"id": "-a"}, "英文"),
        ({"id": "A"}, "英文"),
    ],
)
def test_metadata_that_cannot_be_is_refused_and_nothing_is_written(tmp_path, overrides, fault):
    source = tmp_path / "in.txt"
    source.write_text(LETTER, encoding="utf-8")
    with pytest.raises(BadDocument, match=fault):
        import_file(source, tmp_path / "edition", overrides)
    assert not (tmp_path / "edition").exists()


def received(folder, text, name="in.txt"):
    source = folder / name
    source.write_text(text, encoding="utf-8")
    return source


def test_another_documents_id_is_refused_and_nothing_changes(tmp_path):
    edition = tmp_path / "edition"
    import_file(received(tmp_path, LETTER, "a.txt"), edition, {"id": "x-1"})
    before = (edition / "x-1.md").read_bytes()
    with pytest.raises(BadDocument, match="编号 x-1 已用于《苏州市安全生产责任制规定》"):
        import_file(received(tmp_path, LETTER + "附则\n", "b.txt"), edition, {"id": "x-1"})
    assert (edition / "x-1.md").read_bytes() == before


def test_a_corrected_issue_of_the_same_file_replaces_it_and_says_so(tmp_path):
    edition = tmp_path / "edition"
    import_file(received(tmp_path, LETTER), edition, {"id": "x-1"})
    again = import_file(received(tmp_path, LETTER + "附则\n"), edition, {"id": "x-1"})
    assert [path.name for path in edition.glob("*.md")] == ["x-1.md"]
    assert "替换" in again.warnings[0]


def test_a_number_that_another_document_has_is_told(tmp_path):
    edition = tmp_path / "edition"
    first = import_file(received(tmp_path, LETTER, "a.txt"), edition, {"number": "苏办〔2021〕1号"})
    other = received(tmp_path, LETTER.replace("责任制规定", "巡查办法"), "b.txt")
    (warning,) = import_file(other, edition, {"number": "苏办〔2021〕1号"}).warnings
    assert first.document.metadata.title in warning


def test_a_version_of_the_same_title_is_kept_and_named(tmp_path):
    edition = tmp_path / "edition"
    import_file(received(tmp_path, LETTER, "old.txt"), edition)
    new = received(tmp_path, LETTER.replace("2021年3月5日", "2023年3月5日"), "new.txt")
    (warning,) = import_file(new, edition).warnings
    assert "suzhou-2021" in warning
    assert "anze import old.txt --set standing=superseded" in warning
    (warning,) = import_file(tmp_path / "old.txt", edition).warnings
    assert "anze import old.txt" in warning  # the older one, whichever is imported
    assert not import_file(tmp_path / "old.txt", edition, {"standing": "superseded"}).warnings
    assert len(list(edition.glob("*.md"))) == 2


def test_an_empty_value_clears_a_field(tmp_path):
    source, edition = received(tmp_path, LETTER), tmp_path / "edition"
    cleared = {"effective_on": "", "number": "", "aliases": [""]}
    import_file(source, edition, {"aliases": ["某规定"]})
    metadata = import_file(source, edition, cleared).document.metadata
    assert (metadata.effective_on, metadata.number, metadata.aliases) == (None, "", ())


def test_the_report_is_printed_for_what_was_written_before_an_error(tmp_path):
    good, bad = received(tmp_path, LETTER), received(tmp_path, "", "bad.txt")
    command = ["import", str(good), str(bad), "--edition", str(tmp_path / "edition")]
    result = CliRunner().invoke(app, command)
    assert isinstance(result.exception, BadDocument)
    assert "suzhou-2021.md" in result.output


def test_the_json_report_has_null_for_no_date(tmp_path):
    source = received(tmp_path, LETTER)
    command = ["import", str(source), "--edition", str(tmp_path / "edition"), "--json"]
    (report,) = json.loads(CliRunner().invoke(app, command).output)
    assert report["metadata"]["expires_on"] is None
    assert report["metadata"]["issued_on"] == "2021-03-05"
    assert (report["metadata"]["aliases"], report["warnings"]) == ([], [])


RULES = "第一条 为了安全，制定本条例。\n"
ONCE = "第二条 本条例自公布之日起施行。\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # the day of taking effect is not a day of issue; the order is its number
            "森林安全条例\n2007年3月28日 国务院第172次常务会议通过\n"
            "2007年4月9日 中华人民共和国国务院令第493号公布\n2007年6月1日 施行\n" + RULES,
            {"issued_on": "2007-04-09", "effective_on": "2007-06-01", "number": "国务院令第493号"},
        ),
        (
            "森林安全办法\n（国务院令第9号）\n" + RULES,
            {"number": "国务院令第9号", "authority": "regulation"},
        ),
        (  # in running text it is another's number
            "森林安全办法\n根据国务院令第9号，制定本办法。\n" + RULES,
            {"number": "", "authority": "normative_document"},
        ),
        (
            "中华人民共和国森林法\n2018年3月20日 大会通过\n" + RULES + ONCE,
            {"issued_on": "2018-03-20", "effective_on": "2018-03-20"},
        ),
        (
            "中华人民共和国森林法\n2018年3月20日 大会通过\n2024年12月25日 常委会修正\n"
            + RULES
            + ONCE,
            {"issued_on": "2024-12-25", "effective_on": "None"},
        ),
        ("中华人民共和国刑法修正案（十一）\n" + RULES, {"authority": "law"}),
        ("国务院关于预防事故的特别规定\n" + RULES, {"authority": "regulation"}),
        ("国务院办公厅关于预防事故的通知\n" + RULES, {"authority": "normative_document"}),
        (
            "中华人民共和国刑法\n" + RULES * 20 + "查阅国家绝密、机密文件的。\n",
            {"audience": "public"},
        ),
        ("机密★1年\n苏州市安全办法\n" + RULES, {"audience": "internal"}),
        ("（内部资料，注意保存）\n苏州市安全办法\n" + RULES, {"audience": "internal"}),
        ("苏州市安全办法\n密级：秘密\n" + RULES, {"audience": "internal"}),
        ("温州市化工园区安全生产责任包保实施方案\n" + RULES, {"jurisdiction": "温州市"}),
        (
            "关于加强安全的通知\n" + RULES + "苏州市人民政府\n二〇二三年十月三十一日\n",
            {"issuer": "苏州市人民政府", "issued_on": "2023-10-31"},
        ),
        (
            "苏州市人民政府关于印发苏州市有限空间安全管理办法的通知\n现印发给你们。\n"
            "苏州市有限空间安全管理办法\n" + RULES + "第二条 许可证有效期为三年。\n"
            "第三条 本办法自2032年2月29日起施行，有效期五年。\n",
            {"title": "苏州市有限空间安全管理办法", "expires_on": "2037-02-28"},
        ),
        (
            "苏州市人民政府关于印发有限空间安全管理办法的通知\n现印发给你们。\n" + RULES,
            {"title": "苏州市人民政府关于印发有限空间安全管理办法的通知"},
        ),
        (
            "苏州市安全办法\n" + RULES + "第二条 本办法有效期至2035年12月31日。\n",
            {"expires_on": "2035-12-31"},
        ),
        (
            "苏州市安全办法\n" + RULES + "第二条 许可证有效期为三年，自发证之日起生效。\n",
            {"expires_on": "None"},
        ),
        (
            "---\nnumber: 常办〔2018〕30号\njurisdiction: 常州市\n---\n"
            "苏州市举报奖励办法（征求意见稿）\n" + RULES,
            {"number": "", "authority": "normative_document", "jurisdiction": "苏州市"},
        ),
    ],
)
def test_what_a_text_says_about_itself(text, expected):
    metadata = identify(text, "in.txt")
    assert {key: str(getattr(metadata, key)) for key in expected} == expected


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
