"""`anze doctor`: what the product needs, whether it is there, and what to do where it is not."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import Any

import httpx

from assistant.errors import LanguageModelUnavailable
from assistant.keys import is_exposed, read_ring
from assistant.llm.transport import client
from assistant.settings import Settings
from index.edition import read_edition
from index.embeddings import SentenceEmbeddings
from index.errors import AnzeError, IndexUnavailable
from index.store import Index, version_of


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    ok: bool
    detail: str

    def as_dict(self) -> dict[str, Any]:
        """The finding as plain values."""
        return asdict(self)


def examine(settings: Settings) -> list[Finding]:
    """Look at everything the product needs, in the order in which it is needed."""
    model = cache(lambda: SentenceEmbeddings.open(settings.model))  # seconds to load
    checks: list[tuple[str, Callable[[], str]]] = [
        ("Python", _python),
        ("文件库", lambda: f"{len(read_edition(settings.edition))}份文件"),
        ("模型", lambda: model().name),
        ("向量库", settings.home.check),
        ("索引", lambda: _index(settings, model())),
        ("访问密钥", lambda: _keys(settings)),
        ("语言模型", lambda: _language_model(settings)),
    ]
    findings = [_finding(what, check) for what, check in checks]
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    detail = "有，可运行页面测试" if browser else "没有，页面测试会跳过；不影响使用"
    return [*findings, Finding("浏览器（只用于测试）", True, detail)]


def _finding(what: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, check())
    except AnzeError as error:
        return Finding(what, False, str(error))


def _python() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def _keys(settings: Settings) -> str:
    if settings.keys is None:
        return "没有设置，只供本机使用"
    keys = read_ring(settings.keys).keys
    good = sum(key.is_good(date.today()) for key in keys)
    exposed = f"；文件可被其他用户读写，请运行 chmod 600 {settings.keys}"
    return f"{good}个有效，共{len(keys)}个" + exposed * is_exposed(settings.keys)


def _language_model(settings: Settings) -> str:
    if not settings.llm_base_url:
        return "没有设置，答案只用法规原文"
    url = f"{settings.llm_base_url.rstrip('/')}/models"
    key = settings.llm_key.get_secret_value()
    try:
        with client(timeout=5) as http:
            reply = http.get(url, headers={"Authorization": f"Bearer {key}"} if key else {})
        reply.raise_for_status()
        names = {model["id"] for model in reply.json()["data"]}
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise LanguageModelUnavailable(
            f"{settings.llm_base_url} 没有正常应答（{type(error).__name__}）。"
            "请检查 ANZE_LLM_BASE_URL 和 ANZE_LLM_KEY，或服务是否启动；在此之前仍按原文作答。"
        ) from error
    if settings.llm_model not in names:
        raise LanguageModelUnavailable(
            f"{settings.llm_base_url} 没有名为“{settings.llm_model}”的模型，有："
            f"{'、'.join(sorted(names)[:10])}。请修改 ANZE_LLM_MODEL。"
        )
    return f"{settings.llm_model}，在 {settings.llm_base_url}"


def _index(settings: Settings, embeddings: SentenceEmbeddings) -> str:
    manifest = Index.open(settings.index, embeddings, settings.home).manifest
    if version_of(settings.edition, embeddings) != manifest.version:
        raise IndexUnavailable("索引落后于文件库。请运行 anze index 更新。")
    return f"版本 {manifest.version}，{manifest.documents}份文件，{manifest.provisions}个条款节点"
