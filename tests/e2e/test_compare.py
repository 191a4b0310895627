"""The tab 比一比 in a real browser, over the real server."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("playwright", reason="没有安装 playwright，页面测试跳过")
pytest.importorskip("axe_playwright_python", reason="没有安装 axe，页面测试跳过")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

QUESTION = "区长多久开一次会研究安全生产？"
BOX = "#anze-compare-question textarea"
PLACES = "#anze-compare-places input"
ROWS = ".compared tbody tr"
WIDE = {"viewport": {"width": 1280, "height": 820}, "color_scheme": "light"}
NARROW = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True}


def opened(browser: Browser, server: str, look: dict[str, object], path: str = "/") -> Page:
    """The page with the tab opened, in a browser that lets the page copy."""
    context = browser.new_context(
        locale="zh-CN",
        bypass_csp=True,  # for axe; the policy is tested with the chat
        permissions=["clipboard-read", "clipboard-write"],
        **look,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(f"{server}{path}")
    if "tab=" not in path:
        page.locator("#anze-tab-compare-button").click()
    expect(page.locator(PLACES).first).to_be_visible()
    return page


@pytest.fixture
def wide(browser: Browser, server: str) -> Iterator[Page]:
    page = opened(browser, server, WIDE)
    yield page
    page.context.close()


@pytest.fixture
def narrow(browser: Browser, server: str) -> Iterator[Page]:
    page = opened(browser, server, NARROW)
    yield page
    page.context.close()


def ask(page: Page, question: str) -> None:
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    expect(page.locator(".compared > .do")).to_be_visible()


def row(page: Page, place: str) -> str:
    return page.locator(
        ROWS, has=page.get_by_role("rowheader", name=place, exact=True)
    ).inner_text()


def copied(page: Page) -> str:
    expect(page.get_by_role("status").filter(has_text="已复制")).to_have_count(1)
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def check_axe(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], [n["html"] for n in fault["nodes"]]) for fault in found] == []


def check_no_sideways_scrolling(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_question_becomes_a_table_with_a_row_for_each_place(wide: Page) -> None:
    ask(wide, QUESTION)
    expect(wide.locator(".compared .summary")).to_contain_text("常州市、成都市")
    places = wide.locator("#anze-compare-places label").all_inner_texts()
    assert wide.locator(f"{ROWS} th").all_inner_texts() == [place.strip() for place in places]
    assert "每季度至少1次" in row(wide, "常州市")
    assert "常办〔2018〕30号" in row(wide, "常州市")
    assert "现行有效" in row(wide, "常州市")
    assert "未写明" in row(wide, "上海市")


def test_only_the_places_that_are_ticked_are_asked(wide: Page) -> None:
    for name in ("上海市静安区", "上海市", "湛江经济技术开发区"):
        wide.get_by_label(name, exact=True).uncheck()
    ask(wide, QUESTION)
    assert wide.locator(f"{ROWS} th").all_inner_texts() == ["常州市", "成都市"]


def test_places_named_in_the_question_are_compared_and_a_gap_is_a_gap(wide: Page) -> None:
    ask(wide, "常州和广州的干部受到诫勉后多久不得提拔？")
    expect(wide.locator(".compared .aside").first).to_contain_text("只比写到的地方")
    assert wide.locator(f"{ROWS} th").all_inner_texts() == ["常州市", "广州市"]
    assert "没有收录这个地方的文件" in row(wide, "广州市")
    wide.locator(".compared summary").click()
    expect(wide.locator(".compared details p")).to_contain_text("不能用其他地方的规定代替")


def test_a_draft_is_announced_in_its_row(wide: Page) -> None:
    ask(wide, "湛江开发区和常州的党委多久听一次安全生产汇报？")
    said = row(wide, "湛江经济技术开发区")
    assert "尚未生效" in said
    assert "征求意见稿" in said


def test_a_number_opens_the_words_beside_the_table(wide: Page) -> None:
    ask(wide, QUESTION)
    wide.locator(f"{ROWS} a.n").first.click()
    expect(wide.locator("#reader-title")).to_have_text("第七条第（三）项")
    expect(wide.locator("#anze-reader mark").first).to_be_in_viewport()
    panel, table = (wide.locator(s).bounding_box() for s in ("#anze-reader", ".compared table"))
    assert panel is not None
    assert table is not None
    assert table["x"] + table["width"] <= panel["x"]
    wide.keyboard.press("Escape")
    expect(wide.locator(f"{ROWS} a.n").first).to_be_focused()


def test_the_table_can_be_copied_for_a_document_and_for_a_spreadsheet(wide: Page) -> None:
    ask(wide, QUESTION)
    wide.get_by_role("button", name="复制表格（Markdown）").click()
    lines = copied(wide).split("\n")
    assert lines[:2] == ["| 地方 | 规定 | 出处 |", "| --- | --- | --- |"]
    assert lines[2].startswith("| 常州市 | ")
    wide.get_by_role("button", name="复制表格（电子表格）").click()
    wide.wait_for_timeout(300)
    rows = list(csv.reader(io.StringIO(copied(wide)), delimiter="\t"))
    assert [len(cells) for cells in rows] == [3] * (1 + wide.locator(ROWS).count())


def test_a_citation_is_copied_in_official_form(wide: Page) -> None:
    ask(wide, QUESTION)
    wide.locator(".compared .card .copy").first.click()
    text = copied(wide)
    assert text.startswith(
        "《常州市党政领导干部安全生产责任制规定实施办法》（常办〔2018〕30号）第七条第（三）项：“"
    )


def test_the_address_shows_the_same_comparison_again(wide: Page, server: str) -> None:
    wide.get_by_label("上海市", exact=True).uncheck()
    ask(wide, QUESTION)
    wide.get_by_role("button", name="复制链接").click()
    address = copied(wide)
    assert address == wide.url
    asked = parse_qs(urlsplit(address).query)
    assert asked["q"] == [QUESTION]
    assert len(asked["place"]) == 4
    again = wide.context.new_page()
    again.goto(address)
    expect(again.locator(".compared > .do")).to_be_visible()
    expect(again.locator("#anze-tab-compare-button")).to_have_attribute("aria-selected", "true")
    expect(again.locator(BOX)).to_have_value(QUESTION)
    expect(again.get_by_label("上海市", exact=True)).not_to_be_checked()
    assert again.locator(ROWS).all_inner_texts() == wide.locator(ROWS).all_inner_texts()


def test_nothing_asked_and_nowhere_are_told_calmly(wide: Page) -> None:
    wide.click("#anze-compare-send")
    expect(wide.locator("#anze-compared").get_by_role("alert")).to_have_text("请先写出要比的问题。")
    for box in wide.locator(PLACES).all():
        box.uncheck()
    wide.fill(BOX, QUESTION)
    wide.click("#anze-compare-send")
    expect(wide.locator("#anze-compared").get_by_role("alert")).to_have_text("请至少选一个地方。")


def test_markup_in_the_address_is_shown_as_text(browser: Browser, server: str) -> None:
    evil = "%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D1%22%3E%E8%81%8C%E8%B4%A3"
    page = opened(browser, server, WIDE, f"/?tab=compare&q={evil}&place={evil}")
    expect(page.locator("#anze-compared").get_by_role("alert")).to_contain_text("不认识的地方")
    assert page.title() == "安责"
    assert page.locator("#anze-compare img").count() == 0
    page.context.close()


def test_it_works_by_keyboard_alone(wide: Page) -> None:
    page = wide
    page.locator("#anze-tab-compare-button").focus()
    press_until(page, BOX)
    page.keyboard.type(QUESTION)
    press_until(page, f"{PLACES} >> nth=0")
    page.keyboard.press("Space")
    expect(page.locator(PLACES).first).not_to_be_checked()
    page.keyboard.press("Shift+Tab")
    press_back_until(page, BOX)
    page.keyboard.press("Enter")
    expect(page.locator(".compared > .do")).to_be_visible()
    assert page.locator(f"{ROWS} th").first.inner_text() == "成都市"
    press_until(page, f"{ROWS} a.n >> nth=0")
    page.keyboard.press("Enter")
    expect(page.locator("#reader-title")).to_be_focused()
    page.keyboard.press("Escape")
    press_until(page, ".compared summary >> nth=0")
    page.keyboard.press("Enter")
    expect(page.locator(".compared details p").first).to_be_visible()


def press_until(page: Page, selector: str, key: str = "Tab", most: int = 40) -> None:
    """Go on with Tab until the element has the focus, visibly."""
    target = page.locator(selector)
    for _ in range(most):
        page.keyboard.press(key)
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{selector} cannot be reached by {key}")


def press_back_until(page: Page, selector: str) -> None:
    if not page.locator(selector).evaluate("element => element === document.activeElement"):
        press_until(page, selector, "Shift+Tab")


def test_a_phone_shows_the_rows_as_blocks_without_sideways_scrolling(narrow: Page) -> None:
    check_no_sideways_scrolling(narrow)
    ask(narrow, QUESTION)
    check_no_sideways_scrolling(narrow)
    place, said = (
        narrow.locator(f"{ROWS} >> nth=0").locator(tag).first.bounding_box() for tag in ("th", "td")
    )
    assert place is not None
    assert said is not None
    assert place["y"] + place["height"] <= said["y"]
    narrow.locator(f"{ROWS} a.n").first.click()
    expect(narrow.locator("#anze-reader mark").first).to_be_in_viewport()
    narrow.go_back()
    expect(narrow.locator("#anze-reader")).to_be_hidden()
    expect(narrow.locator(".compared table")).to_be_visible()


@pytest.mark.parametrize("look", [WIDE, NARROW, WIDE | {"color_scheme": "dark"}])
def test_axe_finds_nothing(browser: Browser, server: str, look: dict[str, object]) -> None:
    page = opened(browser, server, look)
    check_axe(page)
    ask(page, "常州和湛江开发区的党委、广州的党委多久听一次安全生产汇报？")
    check_axe(page)
    page.context.close()


def test_the_english_page_compares_in_english(browser: Browser, server: str) -> None:
    page = opened(browser, server, WIDE, "/en/?tab=compare")
    page.get_by_role("button", name="How often must a district head meet").click()
    expect(page.locator(".compared > .do")).to_be_visible()
    expect(page.locator(ROWS).first).to_contain_text("每季度至少1次")
    own = page.evaluate(_OWN_WORDS)
    assert re.findall(r"[\u4e00-\u9fff]+", own) == []
    page.context.close()


_OWN_WORDS = """() => {
  const tab = document.querySelector("#anze-compare").cloneNode(true);
  const chinese = '[lang="zh-CN"], #anze-compare-places label';
  for (const box of tab.querySelectorAll(chinese)) box.remove();
  return tab.textContent;
}"""
