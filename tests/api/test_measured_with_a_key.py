"""``anze eval --url`` against a server with keys."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from evals.case import Case
from evals.command import app
from evals.over_http import OverHttp, Unreachable
from tests.api.house import House

CASE = Case(id="x-1", kind="period", question="常州受到诫勉处理多久不得提拔")


def test_a_server_with_keys_is_measured_with_one(house: House, internal_key: str) -> None:
    with OverHttp.open(house.url, internal_key) as asker:
        assert "changzhou-2018" in asker.documents()
        assert "6个月" in asker.ask(CASE).answer


def test_without_one_it_says_where_to_put_it(house: House) -> None:
    with OverHttp.open(house.url) as asker, pytest.raises(Unreachable, match="ANZE_EVAL_KEY"):
        asker.documents()


def test_a_key_is_taken_from_the_environment_and_never_printed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("anze_wrong", "钥匙"):
        monkeypatch.setenv("ANZE_EVAL_KEY", key)
        outcome = CliRunner().invoke(app, ["eval", "--url", house.url])
        assert outcome.exit_code != 0
        assert "ANZE_EVAL_KEY" in f"{outcome.output}{outcome.exception}"
        assert key not in f"{outcome.output}{outcome.exception}"
