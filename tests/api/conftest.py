"""What several tests of the API share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.api.app import create_app
from assistant.keys import Ring, write_ring
from assistant.service import Assistant
from assistant.settings import Settings
from index.provision import Audience
from tests.api.house import Client, House, running
from ui.app import add_page


@pytest.fixture(scope="session")
def house(
    assistant: Assistant, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Page and API with keys."""
    folder = tmp_path_factory.mktemp("house")
    path = folder / "keys.json"
    ring, _ = Ring().with_new("first", Audience.INTERNAL)
    write_ring(path, ring)
    changed = settings.model_copy(update={"keys": path, "data": folder / "data"})
    with running(add_page(create_app(assistant, changed))) as url:
        yield House(url, path)


@pytest.fixture(scope="session")
def public_key(house: House) -> str:
    return house.new_key("public")


@pytest.fixture(scope="session")
def internal_key(house: House) -> str:
    return house.new_key("internal", Audience.INTERNAL)


@pytest.fixture
def client(assistant: Assistant, settings: Settings, tmp_path: Path) -> Client:
    """A client of an API with other settings."""

    own = tmp_path / "own.json"
    write_ring(own, Ring().with_new("only", Audience.PUBLIC)[0])

    def make(key_file: Path | None = own, here: str = "127.0.0.1", **changes: Any) -> TestClient:
        changes |= {"keys": key_file, "data": tmp_path}
        app = create_app(assistant, settings.model_copy(update=changes))
        return TestClient(app, "http://127.0.0.1", client=(here, 50000))

    return make
