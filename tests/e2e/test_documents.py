"""The documents in a real browser: the list, a tree, where it comes from, and the reading pages."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright", reason="没有安装 playwright，页面测试跳过")

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Watched
from tests.e2e.test_lookup import faults

pytestmark = pytest.mark.browser

BOX = "#anze-documents-box"
CARD = "#anze-documents .document"


def documents(watched: Watched) -> Page:
    page = watched.page
    page.click("#anze-tab-documents-button")
    expect(page.locator(CARD)).to_have_count(5)
    return page


def test_the_list_shows_each_document_and_is_narrowed_while_typing(desk: Watched) -> None:
    page = documents(desk)
    expect(page.locator(CARD).first).to_contain_text("常办〔2018〕30号")
    expect(page.locator(CARD, has_text="湛江")).to_contain_text("征求意见稿")
    page.fill(BOX, "静安")
    expect(page.locator(CARD)).to_have_count(1)
    expect(page.locator("#anze-documents .said")).to_have_text("共 1 份。")
    page.fill(BOX, "<b>没有的</b>")
    expect(page.locator("#anze-documents .said")).to_have_text("没有这样的文件。")


def test_a_tree_opens_down_to_the_item_by_mouse(desk: Watched) -> None:
    page = documents(desk)
    card = page.locator(CARD).first
    card.locator(".inside > summary").click()
    card.locator("summary", has_text="第五章").click()
    card.locator("summary", has_text=re.compile("^第二十条")).click()
    card.locator("a", has_text="对迟报、漏报").click()
    expect(page.locator("#reader-title")).to_have_text("第二十条第（三）项")
    page.locator("#anze-reader .whole").click()
    expect(page.locator("#here")).to_be_in_viewport()
    page.locator(".bar a", has_text="返回文件").click()
    expect(page.locator(CARD).first).to_be_visible()


def test_a_tree_opens_by_keyboard(desk: Watched) -> None:
    page = documents(desk)
    card = page.locator(CARD).first
    card.locator(".inside > summary").focus()
    page.keyboard.press("Enter")
    expect(card.locator(".tree")).to_be_visible()
    chapter = card.locator("summary", has_text="第五章")
    chapter.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#reader-title")).to_have_text("第五章")
    page.keyboard.press("Escape")
    expect(page.locator("#anze-reader")).to_be_hidden()
    card.get_by_role("button", name="全部展开").press("Enter")
    expect(card.locator("a", has_text="对迟报、漏报")).to_be_visible()


def test_what_was_changed_in_the_received_file_is_told(desk: Watched) -> None:
    page = documents(desk)
    card = page.locator(CARD).first
    card.locator(".inside > summary").click()
    expect(card.locator(".source")).to_contain_text("002_951fc808c895ff82.txt")
    card.locator(".changes summary", has_text="半角标点改为全角").click()
    expect(card.locator(".changes li li").first).to_contain_text("等工作,强化行 → 等工作，强化行")


def test_a_phone_shows_the_tree_and_the_contents_of_a_page(phone: Watched, server: str) -> None:
    page = documents(phone)
    page.locator(f"{CARD} .inside > summary").first.click()
    expect(page.locator(".tree").first).to_be_visible()
    overflow = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(overflow) <= 0
    reading = page.context.new_page()
    reading.goto(f"{server}/p/changzhou-2018?from=documents")
    reading.locator(".contents-fold summary").click()
    reading.locator(".contents-fold a", has_text="第三十条").click()
    expect(reading.locator("#here")).to_be_in_viewport()
    assert reading.evaluate(overflow) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nobody_is_shut_out(browser: Browser, server: str, scheme: str, width: int) -> None:
    context = browser.new_context(
        locale="zh-CN",
        viewport={"width": width, "height": 820},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,  # lets the checker in
    )
    page = context.new_page()
    page.goto(f"{server}/#documents")
    page.locator(f"{CARD} .inside > summary").first.click()
    page.get_by_role("button", name="全部展开").click()
    page.locator(".changes summary").first.click()
    assert faults(page) == []
    page.goto(f"{server}/p/changzhou-2018/30?from=documents")
    expect(page.locator("#here")).to_be_visible()
    assert faults(page) == []
    context.close()
