"""The file of keys, and the commands that change it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.errors import SettingsError
from assistant.keys import Key, Keys, Ring, digest_of, read_ring
from assistant.sessions import Sessions
from index.provision import Audience


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "anze key add"),
        ("{}", "没有密钥"),
        ("{", "不是正确的 JSON"),
        ('{"keys": [{}]}', "缺少这一项"),
        ('{"keys": [], "extra": 1}', "不认识这一项"),
    ],
)
def test_a_key_file_that_cannot_be_used_is_told_at_start(
    tmp_path: Path, content: str | None, sentence: str
) -> None:
    path = tmp_path / "bad.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SettingsError, match=sentence):
        Keys(path)


@pytest.mark.parametrize(
    ("name", "rate", "sentence"),
    [
        ("first", "", "已有名为 first 的密钥"),
        ("local", "", "另有用途"),
        ("two words", "", "名称只能用"),
        ("a\n", "", "名称只能用"),
        ("b", "often", "60/minute"),
        ("b", "0/minute", "60/minute"),
    ],
)
def test_a_key_that_cannot_be_is_not_made(name: str, rate: str, sentence: str) -> None:
    ring, _ = Ring().with_new("first", Audience.PUBLIC)
    with pytest.raises(SettingsError, match=sentence):
        ring.with_new(name, Audience.PUBLIC, rate)


def test_two_keys_of_one_name_are_refused() -> None:
    _, key = Ring().with_new("a", Audience.PUBLIC)
    same = Key(name="a", sha256=digest_of(key), audience=Audience.PUBLIC, created=date.today())
    other = same.model_copy(update={"sha256": digest_of("another")})
    with pytest.raises(ValueError, match="重复"):
        Ring(keys=(same, other))


def test_keys_are_made_listed_and_removed_at_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANZE_KEYS", str(tmp_path / "keys.json"))
    run = CliRunner().invoke
    made = json.loads(run(app, ["key", "add", "热线", "--rate", "60/minute", "--json"]).stdout)
    assert made["audience"] == "public"
    assert len(made["key"]) >= 48
    file = tmp_path / "keys.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert made["key"] not in file.read_text()
    assert "热线  只看公开文件  60/minute" in run(app, ["key", "list"]).stdout
    file.chmod(0o644)
    assert "chmod 600" in run(app, ["key", "list"]).stderr
    assert run(app, ["key", "remove", "热线"]).exit_code == 0
    assert read_ring(file).keys == ()


def test_nobody_else_may_read_what_a_session_database_holds(tmp_path: Path) -> None:
    (tmp_path / "sessions.db").touch(mode=0o644)
    sessions = Sessions(tmp_path)
    sessions.start("0" * 64)
    files = list(tmp_path.glob("sessions.db*"))
    assert len(files) == 3
    assert not any(file.stat().st_mode & 0o077 for file in files)
    sessions.close()
