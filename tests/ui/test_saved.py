"""Files kept for a reader: for him alone, for a while, and not too many."""

from __future__ import annotations

from urllib.parse import unquote

from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from assistant.callers import LOCAL
from ui.saved import LIFE, MAX_BYTES, MAX_FILES, File, SavedFiles, saved_router

FILE = File("安责问答-20261122.md", "text/markdown; charset=utf-8", "甲".encode(), "local")


def token_and_name(path: str) -> tuple[str, str]:
    _, _, token, name = path.split("/")
    return token, unquote(name)


def test_a_file_is_given_to_its_owner_alone() -> None:
    files = SavedFiles()
    token, name = token_and_name(files.keep(FILE))
    assert files.fetch(token, name, "local") == FILE
    assert files.fetch(token, name, "other") is None
    assert files.fetch(token, "other.md", "local") is None
    assert files.fetch("x", name, "local") is None


def test_a_file_is_kept_for_some_minutes() -> None:
    now = [0.0]
    files = SavedFiles(lambda: now[0])
    token, name = token_and_name(files.keep(FILE))
    now[0] = LIFE - 1
    assert files.fetch(token, name, "local") is not None
    now[0] = LIFE
    assert files.fetch(token, name, "local") is None


def test_the_oldest_files_make_room() -> None:
    files = SavedFiles()
    kept = [token_and_name(files.keep(FILE)) for _ in range(MAX_FILES + 1)]
    assert files.fetch(*kept[0], "local") is None
    assert files.fetch(*kept[1], "local") is not None
    large = File("大.docx", "x", bytes(MAX_BYTES), "local")
    token, name = token_and_name(files.keep(large))
    assert files.fetch(*kept[-1], "local") is None
    assert files.fetch(token, name, "local") is not None


def test_the_browser_saves_it_under_its_chinese_name() -> None:
    app = FastAPI()
    app.state.saved = SavedFiles()
    app.include_router(saved_router())

    @app.middleware("http")
    async def as_local(request: Request, call_next):  # type: ignore[no-untyped-def]
        request.state.caller = LOCAL
        return await call_next(request)

    with TestClient(app) as client:
        reply = client.get(app.state.saved.keep(FILE))
        assert reply.content == FILE.content
        assert "attachment" in reply.headers["content-disposition"]
        assert unquote(reply.headers["content-disposition"]).endswith(FILE.name)
        assert reply.headers["cache-control"] == "no-store"
        gone = client.get("/saved/x/y.md")
        assert gone.status_code == 404
        assert "再保存一次" in gone.json()["detail"]
