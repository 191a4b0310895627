"""The page in a real browser, over the real server."""

from __future__ import annotations

import re

import httpx
import pytest

pytest.importorskip("playwright", reason="没有安装 playwright，页面测试跳过")

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import BOX, Watched, browser, desk, phone

# The fixtures stand in conftest; they are still imported from here.
__all__ = ["BOX", "QUESTION", "Watched", "browser", "desk", "phone"]
pytestmark = pytest.mark.browser

QUESTION = "常州市受到诫勉处理多久不得提拔？"


def marked(page: Page, inside: str = "") -> str:
    return "".join(page.locator(f"{inside} mark").all_inner_texts())


def test_a_citation_opens_with_the_quoted_words_marked(desk: Watched, server: str) -> None:
    desk.ask(QUESTION)
    page = desk.page
    expect(page.locator(".said")).to_contain_text("6个月内不得提拔或者重用")
    answer = httpx.post(f"{server}/api/v1/ask", json={"question": QUESTION}, timeout=60).json()
    cards = page.locator("#anze-basis .card")
    expect(cards).to_have_count(len(answer["citations"]))
    for place, citation in enumerate(answer["citations"]):
        card = cards.nth(place)
        for part in (citation["address"], citation["document"]["title"], citation["quote"]):
            expect(card).to_contain_text(part)
        card.locator("a.open").click()
        title = page.locator("#reader-title")
        expect(title).to_have_text(citation["address"])
        expect(title).to_be_focused()
        assert marked(page, "#anze-reader") == citation["quote"]
        page.keyboard.press("Escape")
        expect(page.locator("#anze-reader")).to_be_hidden()
        expect(card.locator("a.open")).to_be_focused()


def test_the_number_in_the_answer_opens_the_same_place(desk: Watched) -> None:
    desk.ask(QUESTION)
    desk.page.locator(".said a.n").first.focus()
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#reader-title")).to_have_text("第三十条")


def test_the_panel_walks_to_the_neighbours(desk: Watched) -> None:
    desk.ask(QUESTION)
    page = desk.page
    page.locator("#anze-basis a.open").first.click()
    page.locator("#anze-reader nav a", has_text="第二十九条").click()
    expect(page.locator("#reader-title")).to_have_text("第二十九条")
    expect(page.locator("#anze-reader .near").last).to_contain_text("第三十条")


def test_the_link_of_a_citation_is_a_page_of_its_own(desk: Watched, server: str) -> None:
    desk.ask(QUESTION)
    quote = desk.page.locator("#anze-basis blockquote").first.inner_text()
    link = desk.page.locator("#anze-basis a.open").first.get_attribute("href")
    page = desk.page.context.new_page()  # the chat page keeps its open connection
    page.goto(f"{server}{link}")
    assert marked(page) == quote
    expect(page.locator("mark").first).to_be_in_viewport()
    expect(page.locator(".contents")).to_contain_text("第五章")


def test_a_refusal_is_calm_and_offers_questions(desk: Watched) -> None:
    desk.ask("广州市谁是安全生产第一责任人？")
    expect(desk.page.locator(".refusal")).to_contain_text("没有收录")
    expect(desk.page.locator("#anze-examples button").first).to_be_in_viewport()
    expect(desk.page.locator("#anze-basis")).to_contain_text("收录文件")


def test_every_example_is_answered(desk: Watched) -> None:
    page = desk.page
    examples = page.locator("#anze-examples button").all_inner_texts()
    assert len(examples) == 4
    for example in examples:
        desk.start_over()
        page.locator("#anze-examples button", has_text=example).click()
        expect(page.locator(".asked")).to_contain_text(example)
        expect(page.locator(".said")).to_be_visible()


def test_a_draft_is_announced_above_the_answer(desk: Watched) -> None:
    desk.ask("湛江开发区一票否决由谁进行诫勉谈话？")
    notice, said = desk.page.locator(".notices"), desk.page.locator(".said")
    expect(notice).to_contain_text("征求意见稿")
    top, below = notice.bounding_box(), said.bounding_box()
    assert top is not None
    assert below is not None
    assert top["y"] + top["height"] <= below["y"]
    expect(desk.page.locator("#anze-basis .badge").first).to_have_text("征求意见稿")


def test_a_follow_up_and_a_new_conversation(desk: Watched) -> None:
    desk.ask(QUESTION)
    desk.ask("第二十五条呢？")
    expect(desk.page.locator("#anze-basis .card").first).to_contain_text("第二十五条")
    desk.page.click("#anze-clear")
    expect(desk.page.locator(".turn")).to_have_count(0)
    expect(desk.page.locator(".welcome")).to_be_visible()


def test_the_place_chosen_is_the_place_answered_for(desk: Watched) -> None:
    desk.page.click("#anze-place input")
    desk.page.get_by_role("option", name="成都市", exact=True).click()
    desk.ask("政府主要负责人有哪些职责？")
    lines = desk.page.locator("#anze-basis .line").all_inner_texts()
    assert lines
    assert all("成都市" in line for line in lines)


def test_shift_and_enter_begin_a_new_line(desk: Watched) -> None:
    desk.page.fill(BOX, "第一行")
    desk.page.press(BOX, "Shift+Enter")
    desk.page.keyboard.type("第二行")
    expect(desk.page.locator(BOX)).to_have_value("第一行\n第二行")
    expect(desk.page.locator(".turn")).to_have_count(0)


def test_markup_in_a_question_is_shown_as_text(desk: Watched) -> None:
    question = '<img src=x onerror="document.title=1"> **职责** [x](javascript:alert(1))'
    desk.ask(question)
    expect(desk.page.locator(".asked")).to_contain_text(question)
    assert desk.page.title() == "安责"


def test_no_word_of_english_is_left(desk: Watched) -> None:
    desk.ask(QUESTION)
    page = desk.page
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    words = page.locator("body").inner_text() + " ".join(page.evaluate(_SPOKEN))
    latin = set(re.findall(r"[A-Za-z]+", words)) - {"English", "Shift", "Word", "Markdown"}
    assert latin == set()


_SPOKEN = """() => ["aria-label", "title", "placeholder", "alt"].flatMap(name =>
  [...document.querySelectorAll(`[${name}]`)].map(element => element.getAttribute(name)))"""


def test_a_lost_connection_is_told_in_chinese(desk: Watched) -> None:
    desk.page.context.set_offline(True)
    desk.page.fill(BOX, QUESTION)
    desk.page.press(BOX, "Enter")
    expect(desk.page.get_by_role("alert")).to_contain_text("没有连上服务")
    said = desk.page.locator("body").inner_text()
    assert set(re.findall(r"[A-Za-z]+", said)) <= {"English", "Shift", "Word", "Markdown"}
    desk.page.context.set_offline(False)
    desk.faults.clear()  # the browser's own words on what could not be fetched


def test_a_phone_shows_it_all_without_sideways_scrolling(phone: Watched) -> None:
    page = phone.page
    overflow = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(overflow) <= 0
    phone.ask(QUESTION)
    assert page.evaluate(overflow) <= 0
    answer, cards = page.locator(".said").bounding_box(), page.locator(".cards").bounding_box()
    assert answer is not None
    assert cards is not None
    assert answer["y"] + answer["height"] <= cards["y"]
    page.locator("#anze-basis a.open").first.click()
    expect(page.locator("#anze-reader mark").first).to_be_in_viewport()
    assert page.evaluate(overflow) <= 0
    page.go_back()
    expect(page.locator("#anze-reader")).to_be_hidden()
    expect(page.locator(".said")).to_be_visible()


def test_the_dark_page_is_dark_and_legible(phone: Watched) -> None:
    check_legible(phone)
    assert luminance(phone.page.locator("body").evaluate(_COLOURS)[1]) < 0.05


def test_the_light_page_is_light_and_legible(desk: Watched) -> None:
    check_legible(desk)
    assert luminance(desk.page.locator("body").evaluate(_COLOURS)[1]) > 0.8


def check_legible(watched: Watched) -> None:
    """Every kind of text has the contrast that WCAG AA asks for."""
    page = watched.page
    for selector in (".welcome p", "#anze-examples button", "#anze-send", "#anze-basis .note"):
        check_contrast(page, selector)
    watched.ask("湛江开发区一票否决由谁进行诫勉谈话？")
    for selector in (".said p", ".notices p", ".made", "a.n", ".card .line", ".badge", ".open"):
        check_contrast(page, selector)
    page.locator("#anze-basis a.open").first.click()
    expect(page.locator("#anze-reader mark").first).to_be_visible()
    for selector in ("mark", ".near p", ".from", "nav a", "h2"):
        check_contrast(page, f"#anze-reader {selector}")


def check_contrast(page: Page, selector: str) -> None:
    ink, paper = page.locator(selector).first.evaluate(_COLOURS)
    assert contrast(ink, paper) >= 4.5, (selector, ink, paper)


_COLOURS = """element => {
  const channels = text => text.match(/[\\d.]+/g).map(Number);
  const ink = channels(getComputedStyle(element).color);
  for (let box = element; box; box = box.parentElement) {
    const paper = channels(getComputedStyle(box).backgroundColor);
    if (paper.length < 4 || paper[3] > 0) return [ink, paper];
  }
  return [ink, [255, 255, 255]];
}"""


def luminance(colour: list[float]) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [c / 255 for c in colour[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: list[float], other: list[float]) -> float:
    """Contrast ratio as WCAG defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_what_a_quick_first_answer_rests_on_stays(browser: Browser, server: str) -> None:
    """Asked before the page has put up its examples: their arrival changes nothing else."""
    page = browser.new_page(locale="zh-CN")
    page.goto(server)
    page.fill(BOX, QUESTION)
    page.press(BOX, "Enter")
    cards = page.locator("#anze-basis .card")
    expect(cards).to_have_count(1)
    page.wait_for_timeout(3000)
    expect(cards).to_have_count(1)
    expect(cards).to_contain_text("第三十条")
    page.close()
