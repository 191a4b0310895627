"""Text → tree: real excerpts, broken ones, and nothing lost whatever comes."""

from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from index.address import Address, Level
from index.lines import Kind, scan
from index.normalise import decode, normalise
from index.parse import parse
from index.provision import Document, Metadata, Standing
from tests.shared import needs, shared

META = Metadata(id="x", title="试验")


def tree(*lines: str) -> Document:
    return parse(META, "\n".join(lines) + "\n")


def addresses(document: Document) -> list[str]:
    return [str(p.address) for p in document.provisions]


def cover(document: Document) -> str:
    """The text as the nodes hold it: from each node's label to the next node's."""
    starts = [p.label_start for p in document.provisions]
    ends = [*starts[1:], len(document.text)]
    return "".join(document.text[a:b] for a, b in zip(starts, ends, strict=False))


ARTICLE_21 = (
    "第五章 责任追究",
    "第二十条 有下列情形之一的，应当问责：",
    "（一）履行职责不到位的。",
    "（二）阻挠、干涉监管执法的。",
    "第二十一条 对存在本办法第二十条情形的责任人员，应当问责；涉嫌犯罪的，依法调查。",
    "对情节较轻的党政领导干部，责令作出书面检查。",
    "以上方式，可以单独使用，也可合并使用。",
)


def test_unnumbered_paragraphs_of_an_article_are_its_paragraphs():
    document = tree(*ARTICLE_21)
    second = document.by_id["x/21/p2"]
    assert str(second.address) == "第二十一条第二款"
    assert second.text == "对情节较轻的党政领导干部，责令作出书面检查。"
    assert second.heading_path == ("第五章 责任追究", "第二十一条")


def test_items_belong_to_their_article_and_keep_their_labels_out_of_the_text():
    item = tree(*ARTICLE_21).by_id["x/20/i2"]
    assert (item.label, item.text) == ("（二）", "阻挠、干涉监管执法的。")
    assert str(item.address) == "第二十条第（二）项"


def test_items_under_a_later_paragraph_are_addressed_through_it():
    document = tree(
        "第三条 单位应当守法。",
        "单位应当做到：",
        "（一）建立制度；",
        "（二）开展培训。",
        "另有规定的除外。",
    )
    assert "第三条第二款第（一）项" in addresses(document)
    assert document.resolve(Address.parse("第三条第一项")).id == "x/3/p2/i1"


def test_four_levels_of_a_list_without_articles():
    document = tree(
        "一、各级职责",
        "（一）党委职责",
        "1. 学习。",
        "二、领导干部职责清单",
        "（四）岗位职责",
        "3. 组织部部长岗位职责",
        "（1）纳入考核。",
        "（2）选配干部。",
    )
    found = document.resolve(Address.parse("二（四）3（2）"))
    assert found.text == "选配干部。"
    assert str(found.address) == "第二部分（四）第3项第（2）目"
    assert found.heading_path[-1] == "3. 组织部部长岗位职责"


def test_parts_numbered_in_two_styles_stay_one_list():
    document = tree(
        "一、完善责任体系",
        "（一）明确责任。各级要认真落实安全生产责任制，层层压实。",
        "（二）强化监管。",
        "2、适应改革要求",
        "（一）规范执法。",
        "3、加强管控",
        "（一）健全机制。",
        "（二）挂牌督办。",
        "（三）深化整治。",
        "四、夯实基础",
    )
    tops = [str(p.address) for p in document.roots()]
    assert tops == ["第一部分", "第二部分", "第三部分", "第四部分"]
    assert len(document.notes) == 2


def test_a_first_item_in_another_bracket_style_is_still_the_first():
    document = tree(
        "一、全面落实责任",
        "（1）发挥核心作用。镇党委要高度重视，定期研究解决安全生产重大问题。",
        "（二）强化属地责任。",
        "（三）强化支持保障。",
    )
    first = document.resolve(Address.parse("第一部分（一）"))
    assert first.label == "（1）"
    assert first.text.startswith("发挥核心作用")


def test_run_in_heads_are_addressed_by_their_words():
    document = tree(
        "强化7项制度 确保责任到位",
        "■ 实施安全生产工作约谈警示制度　符合3种情形，进行约见警示谈话。",
        "有以下情形的，进行约见警示谈话。",
        "（一）突破控制指标的；",
        "（二）一年内发生2起以上较大事故的；",
        "■ 实行“一票否决”制度　考核不合格的，不得评优。",
    )
    second = document.by_id["x/h1/h1/2"]
    assert str(second.address).endswith("实施安全生产工作约谈警示制度（二）")
    assert second.text == "一年内发生2起以上较大事故的；"


def test_a_line_that_begins_with_a_reference_is_no_article():
    document = tree(
        "第十条 甲。",
        "第十一条 乙。",
        "第一款规定的人员从重处罚。",
        "第十条规定的情形除外。",
        "第一类：化学品。",
    )
    articles = [p for p in document.provisions if p.level is Level.ARTICLE]
    assert [str(p.address) for p in articles] == ["第十条", "第十一条"]
    assert "第一款规定的人员从重处罚。" in document.by_id["x/11"].text


def test_inserted_articles_and_a_gap_in_the_numbers():
    document = tree("第一条 甲。", "第一条之一 乙。", "第一条之二 丙。", "第三条 丁。")
    assert addresses(document) == ["第一条", "第一条之一", "第一条之二", "第三条"]
    assert any("缺号" in note for note in document.notes)


def test_a_table_of_contents_is_no_structure():
    document = tree("某法", "目录", "第一章 总则", "第二章 罚则", "第一章 总则", "第一条 甲。")
    chapters = [p for p in document.provisions if p.level is Level.CHAPTER]
    assert [str(p.address) for p in chapters] == ["第一章"]


def test_the_imprint_is_no_paragraph_of_the_last_article():
    document = tree("第三十一条 本办法自发布之日起施行。", "中共某市委办公室", "2018年12月14日印发")
    assert document.by_id["x/31"].text == "本办法自发布之日起施行。"
    assert document.by_id["x/end/p2"].text == "2018年12月14日印发"


def test_lists_behind_the_last_article_are_an_annex():
    document = tree("第一条 甲。", "附表", "第一类", "1．苯", "2．酮", "第二类", "1．酸", "2．醚")
    acid = next(p for p in document.provisions if p.text == "酸")
    assert acid.id == "x/annex1/h2/1"


def test_amendments_without_articles_are_parts():
    document = tree(
        "修正案",
        "一、将第五十条修改为：",
        "“第五十条 甲。”",
        "二、将第六十条修改为：",
        "“第六十条 乙。”",
    )
    assert [str(p.address) for p in document.roots()][1:] == ["第一部分", "第二部分"]


def test_an_address_that_does_not_exist_resolves_to_nothing():
    document = tree(*ARTICLE_21)
    for absent in ("第一百条", "第二十条第九项", "第二十一条第四款", "第二十条第三款"):
        assert document.resolve(Address.parse(absent)) is None


def test_the_first_paragraph_of_an_article_with_one_is_the_article():
    document = tree(*ARTICLE_21)
    assert document.resolve(Address.parse("第二十条第一款第二项")).id == "x/20/i2"


def test_a_plan_for_one_year_lapses_with_it():
    plan = Metadata(id="p", title="t", standing=Standing.LAPSED, expires_on=date(2017, 12, 31))
    assert plan.standing_on(date(2017, 6, 1)) is Standing.IN_FORCE
    assert plan.standing_on(date(2018, 1, 1)) is Standing.LAPSED


_line = st.one_of(
    st.sampled_from(
        [
            "第一章 总则",
            "第一条 甲。",
            "第二条 乙：",
            "（一）丙；",
            "（二）丁。",
            "（1）戊",
            "1. 己",
            "2、庚",
            "一、辛",
            "三、壬",
            "■ 癸　子。",
            "目录",
            "附件",
            "附则",
            "2018年12月14日",
            "某某委员会",
            "第一条之一 丑。",
            "①寅",
        ]
    ),
    st.text(alphabet="安全生产第一条款项（）、。；：1 ■\u3000", min_size=1, max_size=30),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_line, max_size=25))
def test_nothing_is_lost_and_every_id_is_unique(lines):
    text = "\n".join(line.strip() for line in lines if line.strip())
    document = parse(META, text)
    assert cover(document) == text
    ids = [p.id for p in document.provisions]
    assert len(ids) == len(set(ids))
    for provision in document.provisions:
        assert document.text[provision.start : provision.end] == provision.text
        if provision.parent:
            parent = document.by_id[provision.parent]
            assert parent.start <= provision.start <= provision.end <= parent.end


@needs("laws")
def test_all_laws_parse_whole_with_the_right_number_of_articles():
    files = [f for f in sorted(shared("laws").rglob("*.md")) if f.name != "README.md"]
    assert len(files) >= 100
    for path in files:
        _check_law(path)


def _check_law(path: Path) -> None:
    text = normalise(decode(path.read_bytes())).text
    document = parse(META, text)
    assert cover(document) == text, path.name
    written = [(n.number, n.branch) for n in scan(text) if n.kind is Kind.ARTICLE]
    read = [
        (p.address.steps[-1].number, p.address.steps[-1].branch)
        for p in document.provisions
        if p.level is Level.ARTICLE
    ]
    assert read == written, path.name
    assert len(set(read)) == len(read), path.name


def test_a_list_that_changes_from_commas_to_dots_stays_one_list():
    document = tree("三、保障措施", "1、加强领导。", "2、落实经费。", "3. 严格考核。")
    assert [p.id for p in document.provisions] == ["x/3", "x/3/1", "x/3/2", "x/3/3"]


def test_annexes_named_in_a_letter_are_no_provisions():
    document = tree(
        "关于印发制度的通知",
        "附件：1.责任清单",
        "2.考核办法",
        "3.联系人名单",
        "某市安全生产委员会",
        "一、总体要求",
        "（一）坚持安全第一。",
    )
    assert [p.id for p in document.roots()] == ["x/pre", "x/1"]
