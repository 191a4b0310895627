"""The browser and the pages in it that the tests of every tab use."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

BOX = "#anze-question textarea"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def playwright() -> Any:
    """What drives the browser; a test that needs it is skipped where it is not installed."""
    return pytest.importorskip("playwright.sync_api", reason="没有安装 playwright，页面测试跳过")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("没有浏览器（chromium），页面测试跳过")
    with playwright().sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


#: What the page's framework says of requests that were under way when a link left the page.
_LEFT_BEHIND = ("AbortError: signal is aborted", "errored out")


class Watched:
    """A page, the requests that it makes, and what goes wrong in it."""

    def __init__(self, page: Page, server: str) -> None:
        self.page = page
        self.hosts: set[str] = set()
        self.faults: list[str] = []
        self._has_left = False
        context = page.context
        context.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        context.on("console", lambda said: said.type == "error" and self.faults.append(said.text))
        page.goto(server)
        page.on("framenavigated", lambda frame: frame == page.main_frame and self._leave())
        expect = playwright().expect
        expect(page.locator("#anze-examples button").first).to_be_visible(timeout=20_000)

    def _leave(self) -> None:
        self._has_left = True

    @property
    def noticed(self) -> list[str]:
        """The faults, without those of a page that was left in the midst of something."""
        if not self._has_left:
            return self.faults
        return [f for f in self.faults if not any(words in f for words in _LEFT_BEHIND)]

    def ask(self, question: str) -> None:
        answers = self.page.locator(".reply > :not(.pending)").locator("xpath=..").count()
        self.page.fill(BOX, question)
        self.page.press(BOX, "Enter")
        finished = self.page.locator(".reply:not(:has(.pending))")
        playwright().expect(finished).to_have_count(answers + 1)

    def start_over(self) -> None:
        """A new conversation, if one has begun."""
        if self.page.locator(".turn").count():
            self.page.click("#anze-clear")
            playwright().expect(self.page.locator(".turn")).to_have_count(0)


def watching(context: BrowserContext, server: str) -> Iterator[Watched]:
    """A page of *context* at *server*; at the end, nothing was fetched elsewhere or went wrong."""
    watched = Watched(context.new_page(), server)
    yield watched
    context.close()
    assert watched.hosts == {urlsplit(server).netloc}
    assert watched.noticed == []


@pytest.fixture
def desk(browser: Browser, server: str) -> Iterator[Watched]:
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 800})
    yield from watching(context, server)


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Watched]:
    context = browser.new_context(
        locale="zh-CN",
        viewport={"width": 390, "height": 844},
        has_touch=True,
        color_scheme="dark",
    )
    yield from watching(context, server)
