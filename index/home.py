"""Where Chroma keeps the vectors of a version: in the version's own folder, or on a server.

Either way the version has a folder for them. On a server it holds, instead of Chroma's files, the
names of the version's collections, written before the first of them is made: whatever kills a
build, what it left on the server is known by its folder and removed with it.
"""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
from chromadb.api import ClientAPI
from chromadb.api.client import Client
from chromadb.api.models.Collection import Collection
from chromadb.api.types import DataLoader, Embeddable, EmbeddingFunction, Loadable
from chromadb.config import Settings
from chromadb.errors import NotFoundError

from index.errors import IndexUnavailable

COLLECTION = "provisions"
INTERNAL_COLLECTION = "internal-provisions"
#: Some of the vectors written, to hold against what the store gives back.
SAMPLE = "sample.npz"
_NAMES = "server.json"

#: Seconds: to see whether a server is there, for a question, for a batch that is written.
_KNOCK, _ASK, _WRITE = 5.0, 10.0, 120.0


@dataclass(frozen=True)
class Store:
    """The store of one version's vectors.

    Args:
        client: the way to it.
        prefix: what the names of the version's collections begin with; empty where it has the
            store to itself.
    """

    client: ClientAPI
    prefix: str = ""

    def close(self) -> None:
        """Let go of files and connections."""
        if isinstance(self.client, Client):  # what clients promise says nothing of closing
            self.client.close()


class Home(Protocol):
    """Where the vectors of all versions are; folders are those of a version's vectors."""

    def check(self) -> str:
        """What it is, in a few words for people.

        Raises:
            IndexUnavailable: it cannot be reached.
        """

    def begin(self, folder: Path, version: str) -> Store:
        """A new store for *version*; *folder* must be new.

        Raises:
            IndexUnavailable: it cannot be reached.
        """

    def open(self, folder: Path) -> Store:
        """The store that was begun with *folder*.

        Raises:
            ValueError: there is none.
            IndexUnavailable: it cannot be reached, or the vectors are in another home.
        """

    def remove(self, folder: Path) -> None:
        """Remove what belongs to *folder* and does not lie in it.

        Raises:
            IndexUnavailable: it cannot be reached, or it is in another home.
        """

    def name_of(self, folder: Path) -> str:
        """What tells the store of *folder* from that of any other build; empty for files."""


class _Guarded(Client):
    """A client whose collections embed no text: Chroma would fetch a model from the network."""

    def get_collection(
        self,
        name: str,
        embedding_function: EmbeddingFunction[Embeddable] | None = None,
        data_loader: DataLoader[Loadable] | None = None,
    ) -> Collection:
        """The collection of that name; it takes vectors only."""
        return super().get_collection(name, None, data_loader)


@dataclass(frozen=True)
class Embedded:
    """In the version's folder, read and written by this process itself."""

    def check(self) -> str:
        """As `Home.check`; there is nothing to reach."""
        return "在索引文件夹里"

    def begin(self, folder: Path, version: str) -> Store:
        """As `Home.begin`."""
        return self._store(folder)

    def open(self, folder: Path) -> Store:
        """As `Home.open`."""
        if (folder / _NAMES).exists():
            raise IndexUnavailable(
                "索引的向量存放在 Chroma 服务上，现在没有设置 ANZE_CHROMA。"
                "请设置 ANZE_CHROMA，或运行 anze index 重新建立索引。"
            )
        if not (folder / "chroma.sqlite3").exists():
            raise ValueError("缺少向量库文件")
        return self._store(folder)

    def remove(self, folder: Path) -> None:
        """As `Home.remove`: all lies in the folder."""
        if (folder / _NAMES).exists():
            raise IndexUnavailable("这一版的向量在 Chroma 服务上，没有设置 ANZE_CHROMA，无法删除。")

    def name_of(self, folder: Path) -> str:
        """As `Home.name_of`: files that are open stay as they are."""
        return ""

    def _store(self, folder: Path) -> Store:
        settings = Settings(
            is_persistent=True,
            persist_directory=str(folder),
            anonymized_telemetry=False,
            allow_reset=False,
        )
        return Store(_Guarded(settings=settings))


@dataclass(frozen=True)
class Server:
    """On a Chroma server, which any number of processes and machines may read at once.

    Args:
        url: where it is, ``http://127.0.0.1:8100``.
        token: sent as ``Authorization: Bearer``, for a proxy before it; empty for none.
    """

    url: str
    token: str = field(default="", repr=False)

    def check(self) -> str:
        """As `Home.check`, with the server's version."""
        try:
            reply = httpx.get(
                f"{self.url.rstrip('/')}/api/v2/version", headers=self._headers, timeout=_KNOCK
            )
            reply.raise_for_status()
            return f"Chroma 服务 {self.url}，接口版本 {reply.json()}"
        except (httpx.HTTPError, ValueError) as error:
            raise self._silent(error) from error

    def begin(self, folder: Path, version: str) -> Store:
        """As `Home.begin`; the names are written down before anything is made."""
        prefix = f"anze-{version}-{secrets.token_hex(4)}-"
        client = self._client(_WRITE)
        folder.mkdir()
        (folder / _NAMES).write_text(json.dumps({"prefix": prefix}), encoding="utf-8")
        return Store(client, prefix)

    def open(self, folder: Path) -> Store:
        """As `Home.open`."""
        prefix = self.name_of(folder)
        if prefix and (folder / SAMPLE).exists():
            return Store(self._client(_ASK), prefix)
        if (folder / "chroma.sqlite3").exists():
            raise IndexUnavailable(
                "索引的向量存放在索引文件夹里，不在 ANZE_CHROMA 所指的 Chroma 服务上。"
                "请运行 anze index 把索引建到服务上，或取消 ANZE_CHROMA。"
            )
        raise ValueError("缺少向量库的登记")

    def remove(self, folder: Path) -> None:
        """As `Home.remove`."""
        prefix = self.name_of(folder)
        if not prefix:
            return
        store = Store(self._client(_WRITE), prefix)
        try:
            for name in (COLLECTION, INTERNAL_COLLECTION):
                with suppress(NotFoundError):
                    store.client.delete_collection(prefix + name)
        except Exception as error:  # a server may answer with anything
            raise self._silent(error) from error
        finally:
            store.close()

    def name_of(self, folder: Path) -> str:
        """As `Home.name_of`: what the names of its collections begin with."""
        try:
            return str(json.loads((folder / _NAMES).read_text(encoding="utf-8"))["prefix"])
        except (OSError, ValueError, LookupError, TypeError):
            return ""

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def _client(self, seconds: float) -> ClientAPI:
        """A client that gives up after *seconds*; left to itself Chroma's waits for ever."""
        self.check()
        settings = Settings(
            chroma_api_impl="chromadb.api.fastapi.FastAPI",
            chroma_server_host=self.url.rstrip("/"),
            chroma_server_http_port=80,  # asked for, and not used beside a whole URL
            chroma_server_headers=self._headers,
            anonymized_telemetry=False,
        )
        try:
            client = _Guarded(settings=settings)
        except Exception as error:  # as above
            raise self._silent(error) from error
        server: Any = client._server
        server._session.timeout = httpx.Timeout(seconds, connect=_KNOCK)
        return client

    def _silent(self, error: Exception) -> IndexUnavailable:
        return IndexUnavailable(
            f"ANZE_CHROMA 所指的 Chroma 服务没有正常应答（{type(error).__name__}）。"
            "请检查地址，或服务是否启动。"
        )


def home_at(url: str, token: str = "") -> Home:
    """The home on the server at *url*; without one, in the folders of the versions."""
    return Server(url, token) if url else Embedded()
