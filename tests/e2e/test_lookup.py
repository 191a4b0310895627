"""Looking rules up in a real browser: while typing, by mouse and by keyboard."""

from __future__ import annotations

import contextlib

import pytest

pytest.importorskip("playwright", reason="没有安装 playwright，页面测试跳过")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Locator, Page, Route, expect

from tests.e2e.conftest import Watched

pytestmark = pytest.mark.browser

BOX = "#anze-lookup-box"
OPTION = '#anze-found [role="option"]'
ARTICLE_30 = "常州实施办法第三十条：受到诫勉处理的，6个月内不得提拔或者重用"


def lookup(watched: Watched, typed: str = "") -> Page:
    page = watched.page
    page.click("#anze-tab-lookup-button")
    expect(page.locator(BOX)).to_be_focused()
    if typed:
        page.keyboard.type(typed)
        expect(page.locator(OPTION).first).to_be_visible()
    return page


def chosen(page: Page) -> Locator:
    return page.locator(f'{OPTION}[aria-selected="true"]')


def test_results_appear_while_typing_and_the_first_is_read_aloud(desk: Watched) -> None:
    page = lookup(desk, "诫勉")
    expect(page.locator(f"{OPTION} .aloud").first).to_have_text(ARTICLE_30)
    expect(page.locator(f"{OPTION} .badge").first).to_have_text("现行有效")
    expect(page.locator(f"{OPTION} mark").first).to_contain_text("诫勉")
    expect(page.locator("#anze-lookup .said")).to_contain_text("找到")
    page.keyboard.press("Escape")
    page.keyboard.type("20条3项")
    expect(page.locator(f"{OPTION} strong").first).to_have_text("第二十条第（三）项")
    for line in page.locator(f"{OPTION} .aloud").all_inner_texts():
        assert len(line) <= 60


def test_everything_goes_by_keyboard(desk: Watched) -> None:
    desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = lookup(desk, "诫勉")
    page.keyboard.press("ArrowDown")
    second = chosen(page)
    expect(second).to_have_id("anze-found-1")
    assert page.get_attribute(BOX, "aria-activedescendant") == "anze-found-1"
    page.keyboard.press("ArrowUp")
    expect(chosen(page)).to_have_id("anze-found-0")
    page.keyboard.press("Enter")
    expect(page.locator("#reader-title")).to_have_text("第三十条")
    expect(page.locator("#anze-reader mark").first).to_contain_text("诫勉")
    page.keyboard.press("Escape")
    expect(page.locator("#anze-reader")).to_be_hidden()
    expect(page.locator(BOX)).to_be_focused()
    page.keyboard.press("Control+c")
    expect(page.locator("#anze-lookup .said")).to_contain_text("已复制")
    page.keyboard.press("Escape")
    expect(page.locator(BOX)).to_have_value("")
    expect(page.locator(OPTION)).to_have_count(0)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(
        "《常州市党政领导干部安全生产责任制规定实施办法》（常办〔2018〕30号）第三十条：“"
    )


def test_the_list_has_the_same_keys_and_a_slash_leads_to_the_box(desk: Watched) -> None:
    desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = lookup(desk, "诫勉")
    page.locator("#anze-found").focus()
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_have_id("anze-found-1")
    page.keyboard.press("c")
    expect(page.locator("#anze-lookup .said")).to_contain_text("已复制")
    page.keyboard.press("/")
    expect(page.locator(BOX)).to_be_focused()
    expect(page.locator(BOX)).to_have_value("诫勉")


def test_the_mouse_opens_and_copies(desk: Watched) -> None:
    desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = lookup(desk, "诫勉")
    page.locator(OPTION).nth(1).locator("[data-copy]").click()
    expect(page.locator("#anze-lookup .said")).to_contain_text("已复制")
    page.locator(OPTION).first.locator(".aloud").click()
    expect(page.locator("#reader-title")).to_have_text("第三十条")
    page.locator("#anze-reader .whole").click()
    page.locator(".bar a", has_text="返回查条文").click()
    expect(page.locator(BOX)).to_have_value("诫勉")
    expect(page.locator(f"{OPTION} .aloud").first).to_have_text(ARTICLE_30)


def test_only_the_place_in_the_head_is_searched_until_one_asks_for_all(desk: Watched) -> None:
    page = lookup(desk, "政府主要负责人职责")
    page.click("#anze-place input")
    page.get_by_role("option", name="成都市", exact=True).click()
    expect(page.locator("#anze-lookup-place")).to_contain_text("只查成都市的文件")
    expect(page.locator(OPTION, has_text="常州市党政领导干部")).to_have_count(0)
    expect(page.locator(OPTION, has_text="成都市党委政府")).not_to_have_count(0)
    page.get_by_role("button", name="查所有地方").click()
    expect(page.locator(OPTION, has_text="常州市党政领导干部")).not_to_have_count(0)
    expect(page.get_by_role("button", name="只查成都市")).to_be_visible()


def test_a_word_that_is_still_being_composed_is_left_alone(desk: Watched) -> None:
    page = lookup(desk)
    asked: list[str] = []
    page.on("request", lambda request: "/lookup?" in request.url and asked.append(request.url))
    keyboard = page.context.new_cdp_session(page)
    keyboard.send(
        "Input.imeSetComposition", {"text": "jie", "selectionStart": 3, "selectionEnd": 3}
    )
    page.wait_for_timeout(400)
    assert asked == []
    keyboard.send("Input.insertText", {"text": "诫勉"})
    expect(page.locator(f"{OPTION} .aloud").first).to_have_text(ARTICLE_30)


def test_a_late_reply_does_not_replace_a_newer_one(desk: Watched) -> None:
    page = lookup(desk)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/lookup?q=%E5%8C%BA%E9%95%BF*", hold)
    page.keyboard.type("区长")
    page.wait_for_timeout(500)
    page.fill(BOX, "诫勉")
    expect(page.locator(f"{OPTION} .aloud").first).to_have_text(ARTICLE_30)
    with contextlib.suppress(Error):  # given up by the page already
        held[0].fulfill(body='<p data-said="late">late</p>')
    page.wait_for_timeout(300)
    expect(page.locator(f"{OPTION} .aloud").first).to_have_text(ARTICLE_30)


def test_markup_that_is_typed_stays_text(desk: Watched) -> None:
    page = lookup(desk, '<img src=x onerror="document.title=1"> 诫勉')
    expect(page.locator(f"{OPTION} img")).to_have_count(0)
    assert page.title() == "安责"


def test_nothing_found_and_a_lost_connection_are_told(desk: Watched) -> None:
    page = lookup(desk)
    page.keyboard.type("？？")
    expect(page.locator("#anze-lookup .said")).to_contain_text("请输入")
    page.context.set_offline(True)
    page.fill(BOX, "诫勉")
    expect(page.locator("#anze-lookup .said")).to_contain_text("没有连上服务")
    page.context.set_offline(False)
    desk.faults.clear()  # the browser's own words on what could not be fetched


def test_a_phone_shows_the_results_and_the_panel(phone: Watched) -> None:
    page = lookup(phone, "诫勉")
    overflow = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(overflow) <= 0
    page.locator(OPTION).first.locator(".aloud").click()
    expect(page.locator("#anze-reader mark").first).to_be_in_viewport()
    page.go_back()
    expect(page.locator("#anze-reader")).to_be_hidden()
    expect(page.locator(OPTION).first).to_be_visible()


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
    page.goto(f"{server}/#lookup")
    page.locator(BOX).fill("诫勉")
    expect(page.locator(OPTION).first).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("#reader-title")).to_be_visible()
    page.wait_for_timeout(300)
    assert faults(page) == []
    context.close()


def faults(page: Page) -> list[str]:
    """What the checker finds against WCAG."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]


def test_the_english_page_has_its_own_words(browser: Browser, server: str) -> None:
    page = browser.new_page()
    page.goto(f"{server}/en/#lookup")
    page.locator(BOX).fill("诫勉")
    expect(page.locator("#anze-lookup .said")).to_contain_text("found")
    page.locator(OPTION).first.locator(".aloud").click()
    expect(page.locator("#anze-reader .whole")).to_have_text("Whole text")
    page.close()
