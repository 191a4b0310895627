"""Pictures of every tab for the docs, from a running server: ``make screens``.

python -m tests.e2e.screens http://127.0.0.1:8000 docs/screens
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.conftest import BROWSERS, FLAGS

_SIZES = {"desktop": (1280, 820), "phone": (390, 844)}
_CHAT = "#anze-question textarea"


def chat(page: Page) -> None:
    """An answer with its basis."""
    _ask(page, "常州市受到诫勉处理多久不得提拔？")
    _ask(page, "静安区领导多久带队检查一次")


def _ask(page: Page, question: str) -> None:
    page.fill(_CHAT, question)
    page.press(_CHAT, "Enter")
    page.locator(".turn", has_text=question).locator(".made").wait_for()


def lookup(page: Page) -> None:
    """Results for words half remembered."""
    _open(page, "lookup")
    page.locator("#anze-tab-lookup input, #anze-tab-lookup textarea").first.fill("诫勉")
    page.locator("#anze-found .aloud").first.wait_for()


def compare(page: Page) -> None:
    """One question over all places."""
    _open(page, "compare")
    box = page.locator("#anze-tab-compare textarea").first
    box.fill("政府主要负责人多久研究一次安全生产工作")
    box.press("Enter")
    page.locator(".compared .summary").wait_for()


def documents(page: Page) -> None:
    """The documents, the first one open."""
    _open(page, "documents")
    page.locator("#anze-tab-documents summary").first.click()


_TABS: tuple[Callable[[Page], None], ...] = (chat, lookup, compare, documents)


def _open(page: Page, tab: str) -> None:
    page.click(f"#anze-tab-{tab}-button")


def take(browser: Browser, url: str, folder: Path) -> None:
    """Every tab at both sizes, light and dark, as PNG files in *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        for size, (width, height) in _SIZES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, locale="zh-CN"
            )
            for tab in _TABS:
                page = context.new_page()
                page.goto(url)
                page.locator("#anze-examples button").first.wait_for()
                tab(page)
                page.wait_for_timeout(800)
                page.screenshot(path=folder / f"{tab.__name__}-{size}-{scheme}.png")
                page.close()
            context.close()


if __name__ == "__main__":
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        take(started, sys.argv[1], Path(sys.argv[2]))
