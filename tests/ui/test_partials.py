"""The pieces that the page's scripts fetch, over HTTP without a browser."""

from __future__ import annotations

import html
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.api.app import create_app
from assistant.api.calling import reader_of
from assistant.callers import Caller
from assistant.service import Assistant
from index.provision import Audience
from ui.app import add_page
from ui.words import words_of

_TAG = re.compile(r"<[^>]*>")


def words(page: str) -> str:
    return html.unescape(_TAG.sub("", page))


@pytest.fixture(scope="module")
def app(assistant: Assistant) -> FastAPI:
    return add_page(create_app(assistant))


@pytest.fixture(scope="module")
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1")


@pytest.mark.parametrize("typed", ["三十条", "常办[2018]30号第30条", "诫勉", "jiemian"])
def test_what_is_typed_finds_the_article(client: TestClient, typed: str) -> None:
    page = client.get("/lookup", params={"q": typed}).text
    assert "常州实施办法第三十条：受到诫勉处理的，6个月内不得提拔或者重用" in words(page)
    assert "现行有效" in page


@pytest.mark.parametrize("typed", ["常办", "常办〔2018", "30号", "常州实施"])
def test_a_document_is_found_by_its_number_or_the_beginning_of_its_name(
    client: TestClient, typed: str
) -> None:
    first = client.get("/lookup", params={"q": typed}).text.partition("</li>")[0]
    assert 'data-url="/p/changzhou-2018?from=lookup"' in first
    assert "整份文件" in first


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("上海市静安区", "已过期，"),
        ("湛江经济技术开发区", "征求意见稿，"),
        ("上海市", "媒体报道，"),
        ("成都市", ""),
    ],
)
def test_what_is_read_aloud_begins_with_what_does_not_bind(
    client: TestClient, place: str, said: str
) -> None:
    page = client.get("/lookup", params={"q": "安全生产检查", "place": place}).text
    lines = re.findall(r'<p class="aloud">(.*?)</p>', page)
    assert lines
    assert all(words(line).startswith(said) and len(words(line)) <= 60 for line in lines)
    assert said or not any("，" in words(line).partition("：")[0] for line in lines)


def test_only_the_place_that_is_set_is_searched(client: TestClient) -> None:
    page = client.get("/lookup", params={"q": "政府主要负责人", "place": "成都市"}).text
    found = re.findall(r'data-url="/p/([a-z0-9-]+)', page)
    assert found
    assert set(found) == {"chengdu-2020"}


def test_a_citation_is_copied_in_official_form(client: TestClient) -> None:
    page = html.unescape(client.get("/lookup", params={"q": "三十条", "place": "常州市"}).text)
    title = "《常州市党政领导干部安全生产责任制规定实施办法》（常办〔2018〕30号）"
    assert f'data-citation="{title}第三十条：“受到诫勉处理的' in page


@pytest.mark.parametrize("typed", ["", "  ", "？", "。。", "\0"])
def test_nothing_to_look_for_is_told_calmly(client: TestClient, typed: str) -> None:
    reply = client.get("/lookup", params={"q": typed})
    assert reply.status_code == 200
    assert words(reply.text) == "请输入条款号、文号、职务或要查的话。"


@pytest.mark.parametrize("place", ["", "成都市"])
def test_an_article_that_does_not_exist_is_named(client: TestClient, place: str) -> None:
    page = client.get("/lookup", params={"q": "第100条", "place": place}).text
    assert words(page).startswith("没有“第一百条”这一处。")
    assert "option" not in page


def test_nothing_is_read_aloud_of_what_has_no_word_of_the_query(client: TestClient) -> None:
    page = client.get("/lookup", params={"q": "天气"}).text
    assert 'data-said="没有写着这些字的条文。"' in page
    assert words(page).startswith("以下意思相近，仅供参考。")
    lines = re.findall(r'<p class="aloud">(.*?)</p>', page)
    assert lines
    assert all(line.endswith("</b>") for line in lines)
    assert "没有找到" in words(client.get("/lookup", params={"q": "zzzzqq"}).text)


def test_what_has_the_words_stands_before_what_is_only_near(client: TestClient) -> None:
    page = client.get("/lookup", params={"q": "诫勉"}).text
    above, _, below = page.partition('<li role="presentation" class="near">')
    assert re.findall("</b>：受到诫勉", above)
    assert "<mark>" in above
    assert below
    assert "<mark>" not in below


def test_too_much_text_and_an_unknown_place_are_told_calmly(client: TestClient) -> None:
    assert "最多 200 个字" in words(client.get("/lookup", params={"q": "安" * 201}).text)
    reply = client.get("/lookup", params={"q": "诫勉", "place": "<b>乌有乡</b>"})
    assert reply.status_code == 200
    assert "<b>乌有" not in reply.text
    assert 'role="option"' not in reply.text


def test_markup_that_is_typed_is_never_sent_back(client: TestClient) -> None:
    for path in ("/lookup", "/documents"):
        page = client.get(path, params={"q": '"><img src=x onerror=alert(1)> 诫勉'}).text
        assert "<img" not in page


def test_documents_are_narrowed_by_any_of_their_names(client: TestClient) -> None:
    def shown(typed: str) -> set[str]:
        page = client.get("/documents", params={"q": typed}).text
        return set(re.findall(r'href="/p/([a-z0-9-]+)\?', page))

    assert len(shown("")) == 5
    assert shown("静安") == {"jingan-2017"}
    assert shown("常办(2018)") == {"changzhou-2018"}
    assert shown("成都 清单") == {"chengdu-2020"}
    assert shown("没有的") == set()


def test_a_document_opens_its_tree_its_origin_and_the_changes(client: TestClient) -> None:
    page = client.get("/documents/changzhou-2018/inside").text
    assert 'href="/p/changzhou-2018/20/i3?from=documents"' in page
    for said in (
        "第五章 责任追究",
        "002_951fc808c895ff82.txt",
        "168d5047c1df0c03d739",
        "半角标点改为全角",
    ):
        assert said in words(page)
    assert "第 101 行 等工作,强化行 → 等工作，强化行" in words(page)


def test_the_reading_page_keeps_the_way_back_and_the_language(client: TestClient) -> None:
    page = client.get("/p/changzhou-2018/30?from=lookup&lang=en").text
    assert '<html lang="en">' in page
    assert 'href="/en/#lookup">Back to Look up' in page
    assert "from=lookup&amp;lang=en#here" in page
    assert "返回" not in words(page)
    assert 'href="/#chat">返回提问' in client.get("/p/changzhou-2018/30").text
    assert 'href="/#chat"' in client.get('/p/changzhou-2018/30?from="><b>&lang=xx').text


def test_a_public_caller_finds_nothing_internal(app: FastAPI, client: TestClient) -> None:
    public = app.state.desk.reader(Caller("public", Audience.PUBLIC))
    app.dependency_overrides[reader_of] = lambda: public
    try:
        for typed in ("湛江开发区", "湛开安办", "一票否决", "安全生产"):
            for path in ("/lookup", "/documents"):
                page = client.get(path, params={"q": typed}).text
                assert "zhanjiang" not in page
                assert "湛江" not in words(page)
        known = client.get("/documents/zhanjiang-2016/inside")
        unknown = client.get("/documents/zhanjiang-2999/inside")
        assert known.status_code == unknown.status_code == 404
        assert known.text.replace("2016", "2999") == unknown.text
    finally:
        app.dependency_overrides.clear()


def test_the_english_page_says_the_same_things() -> None:
    page = words_of("en")
    assert {key for key in page if not page[key].strip()} == set()
