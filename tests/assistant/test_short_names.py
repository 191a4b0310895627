"""Laws called by what people shorten their titles to."""

import pytest

from assistant.short_names import short_names
from index.provision import Document, Metadata


def law(title, jurisdiction=""):
    id_ = f"law-{abs(hash((title, jurisdiction)))}"
    return Document(Metadata(id=id_, title=title, jurisdiction=jurisdiction), "", ())


EDITION = [
    law("易制毒化学品管理条例"),
    law("农药管理条例"),
    law("建设工程质量管理条例"),
    law("铁路交通事故应急救援和调查处理条例"),
    law("中华人民共和国突发事件应对法"),
    law("中华人民共和国矿山安全法实施条例"),
    law("上海市消防条例", "上海市"),
    law("浙江省消防条例", "浙江省"),
    law("上海市建设工程质量和安全管理条例", "上海市"),
    law("淄博市电梯安全条例", "淄博市"),
    law("宁波市生产经营单位安全生产主体责任规定", "宁波市"),
    law("上海市建立安全生产责任体系的暂行规定", "上海市"),
]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("易制毒条例第三条怎么说", ["易制毒化学品管理条例"]),
        ("铁路交通事故条例规定演练多久一次", ["铁路交通事故应急救援和调查处理条例"]),
        ("按突发事件法谁来发布警报", ["中华人民共和国突发事件应对法"]),
        ("矿长管什么，实施条例写了没", ["中华人民共和国矿山安全法实施条例"]),
        ("电梯条例里物业要干嘛", ["淄博市电梯安全条例"]),
        ("主体责任规定要求配几个安全员", ["宁波市生产经营单位安全生产主体责任规定"]),
        ("浙江消防条例 住宅楼道堆东西罚多少", ["浙江省消防条例"]),
        ("上海的工程质量条例", ["上海市建设工程质量和安全管理条例"]),
        # of several that fit nobody can tell, and so all of them are meant
        ("消防条例管不管电动车", ["上海市消防条例", "浙江省消防条例"]),
        # common words, and a law of which nothing is here
        ("有没有安全生产规定要求值班", []),
        ("有什么办法能让他负责任", []),
        ("依法处理由谁负责", []),
        ("广州消防条例第一条", []),
        ("食品条例怎么罚", []),
    ],
)
def test_a_law_is_known_by_its_short_name(text, titles):
    places = {"广州市"} if "广州" in text else None
    assert [one.document.metadata.title for one in short_names(text, EDITION, places)] == titles


def test_where_it_stands_is_told():
    (found,) = short_names("按易制毒条例要罚多少", EDITION)
    assert "按易制毒条例要罚多少"[found.start : found.end] == "易制毒条例"
