"""The way to an assistant over HTTP: as any other program asks it, latency and all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx

from evals.asker import question_of
from evals.case import Case
from evals.served import Documents, Reply, ServedDocument
from index.errors import AnzeError

_TIMEOUT = 120.0


class Unreachable(AnzeError):
    """No assistant answers at the address."""


class OverHttp:
    """An assistant that serves at *url*, e.g. ``http://127.0.0.1:8000``."""

    way = "http"

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    @classmethod
    def open(cls, url: str, key: str = "") -> AbstractContextManager[OverHttp]:
        """A connection that closes with the block; *key* is the access key where one is needed."""
        return _connected(url, key)

    def documents(self) -> Documents:
        """The documents that the server shows.

        Raises:
            Unreachable: nobody answers, or not as our API does.
        """
        ids = [document["id"] for document in self._get("/api/v1/documents")["documents"]]
        return {i: ServedDocument.of(self._get(f"/api/v1/documents/{i}")) for i in ids}

    def ask(self, case: Case) -> Reply:
        """The answer; any other HTTP status is a fault.

        Raises:
            Unreachable: nobody answers.
        """
        asked = question_of(case).model_dump(mode="json")
        response = self._send("POST", "/api/v1/ask", asked)
        if response.status_code != httpx.codes.OK:
            return Reply(fault=f"HTTP {response.status_code}：{response.text[:300]}")
        try:
            return Reply.model_validate_json(response.content)
        except ValueError as error:
            return Reply(fault=f"回答不合约定：{str(error)[:300]}")

    def confidence(self, case: Case) -> float | None:
        """None: over HTTP it stands in the reply or nowhere."""
        return None

    def _get(self, path: str) -> Mapping[str, Any]:
        response = self._send("GET", path)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            raise Unreachable(f"{response.url} 要有效的访问密钥，请放在环境变量 ANZE_EVAL_KEY 里。")
        if response.status_code != httpx.codes.OK:
            raise Unreachable(f"{response.url} 答复 HTTP {response.status_code}，不是安责的接口。")
        try:
            found: Mapping[str, Any] = response.json()
        except ValueError as error:
            raise Unreachable(f"{response.url} 的答复不是 JSON，不是安责的接口。") from error
        return found

    def _send(self, method: str, path: str, body: object = None) -> httpx.Response:
        try:
            return self._client.request(method, path, json=body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            address = self._client.base_url
            raise Unreachable(f"连不上 {address}：{error}。服务启动了吗？（anze serve）") from error


@contextmanager
def _connected(url: str, key: str) -> Iterator[OverHttp]:
    if not url.startswith(("http://", "https://")):
        raise Unreachable(f"地址应以 http:// 开头，现在是“{url}”。")
    with httpx.Client(base_url=url, timeout=_TIMEOUT, headers=headers_with(key)) as client:
        yield OverHttp(client)


def headers_with(key: str) -> dict[str, str]:
    """The headers that show *key*; none where it is empty.

    Raises:
        Unreachable: it cannot be a key.
    """
    if not (key.isascii() and key.isprintable()):
        raise Unreachable("ANZE_EVAL_KEY 里的不是访问密钥。")
    return {"Authorization": f"Bearer {key}"} if key else {}
