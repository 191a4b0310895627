"""Listening to other machines: with keys, under the names that are listed."""

from __future__ import annotations

import pytest

from assistant.errors import SettingsError
from assistant.settings import load_settings
from tests.api.house import Client


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_other_machines_are_served_with_keys_only(client: Client, host: str) -> None:
    with pytest.raises(SettingsError, match="anze key add"):
        client(key_file=None, host=host)
    assert client(host=host).get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("here", "status"),
    [("127.0.0.1", 200), ("::1", 200), ("::ffff:127.0.0.1", 200), ("10.0.0.7", 403), ("::2", 403)],
)
def test_without_keys_a_call_passed_on_from_elsewhere_is_refused(
    client: Client, here: str, status: int
) -> None:
    reply = client(key_file=None, here=here).get("/api/v1/documents")
    assert reply.status_code == status
    if status == 403:
        assert "ANZE_KEYS" in reply.json()["detail"]


@pytest.mark.parametrize(
    ("listens", "host", "status"),
    [
        ("0.0.0.0", "anze.example.org", 200),
        ("0.0.0.0", "ANZE.example.org:8443", 200),
        ("0.0.0.0", "[2001:db8::7]:8000", 200),
        ("0.0.0.0", "127.0.0.1:8000", 200),
        ("0.0.0.0", "0.0.0.0:8000", 400),
        ("0.0.0.0", "attacker.example", 400),
        ("::", "localhost", 200),
        ("::", "[::]", 400),
        ("10.1.2.3", "10.1.2.3", 200),
        ("10.1.2.3", "10.1.2.4", 400),
    ],
)
def test_the_names_listed_are_the_names_it_answers_to(
    client: Client, listens: str, host: str, status: int
) -> None:
    names = load_settings({"ANZE_ALLOWED_HOSTS": "Anze.example.org, [2001:db8::7]"}).allowed_hosts
    reply = client(host=listens, allowed_hosts=names).get("/healthz", headers={"host": host})
    assert reply.status_code == status
    if status == 400:
        assert "ANZE_ALLOWED_HOSTS" in reply.json()["detail"]


@pytest.mark.parametrize("names", ["*", "http://anze.example.org", "anze.example.org:8000", "a b"])
def test_what_is_no_host_name_is_refused_at_start(names: str) -> None:
    with pytest.raises(SettingsError, match="ANZE_ALLOWED_HOSTS"):
        load_settings({"ANZE_ALLOWED_HOSTS": names})
