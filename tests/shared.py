"""Material for tests that lies beside the project and may be absent."""

from pathlib import Path

import pytest

_FOLDER = Path(__file__).resolve().parents[2] / "shared"


def shared(name: str) -> Path:
    """The folder of that name; it may not exist."""
    return _FOLDER / name


def needs(name: str) -> pytest.MarkDecorator:
    """Skip a test, saying so, where the folder is absent."""
    return pytest.mark.skipif(
        not shared(name).exists(), reason=f"../shared/{name} is not here; nothing to test against"
    )
