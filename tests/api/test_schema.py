"""The API keeps what its OpenAPI document says, whatever is sent to it.

`make fuzz` tries the same with many more calls.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from assistant.api.app import create_app
from assistant.keys import Ring, write_ring
from assistant.service import Assistant
from assistant.settings import Settings
from evals.fuzz import Tally, fuzz, show
from index.provision import Audience
from ui.app import add_page

_EXAMPLES = 2
_OPEN = {"/healthz", "/readyz"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("schema")


@pytest.fixture(scope="module")
def key(folder: Path) -> str:
    ring, key = Ring().with_new("fuzz", Audience.PUBLIC)
    write_ring(folder / "keys.json", ring)
    return key


@pytest.fixture(scope="module")
def app(assistant: Assistant, settings: Settings, folder: Path, key: str) -> FastAPI:
    """Page and API with keys."""
    changes = {"data": folder / "data", "keys": folder / "keys.json"}
    return add_page(create_app(assistant, settings.model_copy(update=changes)))


@pytest.fixture(scope="module")
def tally(app: FastAPI, key: str) -> Tally:
    """What came of the calls of somebody with a key."""
    return fuzz(app, _EXAMPLES, headers={"Authorization": f"Bearer {key}"})


def operations(document: dict[str, Any]) -> set[str]:
    return {
        f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item
    }


def test_every_reply_is_as_documented(tally: Tally) -> None:
    assert not tally.faults, "\n".join(show(tally))


def test_every_operation_was_tried(app: FastAPI, tally: Tally) -> None:
    assert tally.statuses.keys() == operations(app.openapi())
    assert all(counter.total() >= 2 for counter in tally.statuses.values())


def test_what_a_good_call_gets_was_seen(tally: Tally) -> None:
    """So that the check above does not look at refusals alone."""
    not_for_public = {"GET /metrics", "POST /api/v1/feedback"}  # 403; 404 for what nobody was given
    seen = {label for label, counter in tally.statuses.items() if counter[200]}
    assert tally.statuses.keys() - seen <= not_for_public


def test_the_document_says_where_a_key_is_needed(app: FastAPI) -> None:
    document = app.openapi()
    assert document["components"]["securitySchemes"].keys() == {"key", "header"}
    for path, item in document["paths"].items():
        for operation in item.values():
            needed = operation.get("security", document["security"])
            assert bool(needed) == (path not in _OPEN)
            assert {"401", "403", "429"} <= operation["responses"].keys()


def test_without_keys_the_document_asks_for_none(
    assistant: Assistant, settings: Settings, tmp_path: Path
) -> None:
    app = create_app(assistant, settings.model_copy(update={"data": tmp_path}))
    assert "security" not in app.openapi()
