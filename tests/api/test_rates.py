"""How often a caller may ask."""

from __future__ import annotations

import pytest

from assistant.errors import SettingsError
from tests.api.house import QUESTION, Client, House
from tests.api.test_rest import ASK, SEARCH, check_problem


def test_who_asks_too_often_is_told_how_long_to_wait(house: House) -> None:
    with house.client(house.new_key("eager", rate="3/minute")) as http:
        first = http.post(ASK, json=QUESTION)
        assert first.headers["ratelimit-limit"] == "3"
        assert first.headers["ratelimit-remaining"] == "2"
        assert http.get(SEARCH, params={"q": "诫勉"}).status_code == 200
        assert http.post(ASK, json={}).status_code == 422
        refused = http.post(ASK, json=QUESTION)
        check_problem(refused, 429)
        assert 0 < int(refused.headers["retry-after"]) <= 60
        assert refused.headers["ratelimit-remaining"] == "0"
        assert http.get("/api/v1/documents").status_code == 200
        assert http.get("/readyz").status_code == 200


def test_one_caller_s_haste_is_not_another_s(house: House, public_key: str) -> None:
    with house.client(house.new_key("hasty", rate="1/minute")) as http:
        assert http.post(ASK, json=QUESTION).status_code == 200
        assert http.post(ASK, json=QUESTION).status_code == 429
    with house.client(public_key) as http:
        reply = http.post(ASK, json=QUESTION)
        assert reply.status_code == 200
        assert "ratelimit-limit" not in reply.headers


def test_the_server_s_own_rate_holds_for_whoever_has_none(client: Client) -> None:
    http = client(key_file=None, rate="1/minute")
    assert http.post(ASK, json=QUESTION).status_code == 200
    assert http.post(ASK, json=QUESTION).status_code == 429


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rate": "often"}, "60/minute"),
        ({"rate": "0/minute"}, "60/minute"),
        ({"rate_storage": "nowhere://user:secret@host"}, "ANZE_RATE_STORAGE"),
    ],
)
def test_a_rate_that_cannot_be_is_told_at_start(
    client: Client, change: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence) as told:
        client(**change)
    assert "secret" not in str(told.value)
