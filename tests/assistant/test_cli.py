"""The command line as its user runs it: one sentence and a status where something is wrong."""

import json
import os
import subprocess
import sys
from subprocess import CompletedProcess

import pytest
from sentence_transformers import SentenceTransformer

from assistant import cli
from assistant.service import Assistant


@pytest.fixture
def environment(settings):
    return {
        "ANZE_EDITION": str(settings.edition),
        "ANZE_INDEX": str(settings.index),
        "ANZE_MODEL": str(settings.model),
    }


@pytest.fixture
def anze(environment):
    """The command in a process of its own."""

    def anze(*words, stdin=None, **changes):
        return subprocess.run(
            [sys.executable, "-m", "assistant.cli", *words],
            capture_output=True,
            check=False,
            input=stdin,
            env=os.environ | environment | changes,
        )

    return anze


@pytest.fixture
def anze_within(environment, monkeypatch, capsysbinary):
    """The command in this process, where all that it imports is there already."""

    def anze_within(*words, **changes):
        for name, value in (environment | changes).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["anze", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsysbinary.readouterr()
        return CompletedProcess(words, ended.value.code, out, err)

    return anze_within


@pytest.fixture
def anze_here(anze_within, assistant, monkeypatch):
    """The same over the assistant that is open already: it takes 7 s to open.

    What does not differ in how it starts is tried with this one.
    """
    monkeypatch.setattr(Assistant, "open", lambda settings: assistant)
    return anze_within


def said(done):
    """What a failed command said; never a traceback, always a status."""
    words = done.stderr.decode("utf-8")
    assert done.returncode == 1, words
    assert "Traceback" not in words
    assert words.startswith("出错了：")
    return words


def test_an_answer_is_shown_with_its_basis_and_as_json(anze, anze_here):
    shown = anze_here("ask", "常州受到诫勉处理多久不得提拔").stdout.decode("utf-8")
    assert "6个月内不得提拔或者重用" in shown
    assert "（常办〔2018〕30号）第三十条" in shown
    answer = json.loads(anze("ask", "常州受到诫勉处理多久不得提拔", "--json").stdout)
    assert answer["citations"][0]["provision_id"] == "changzhou-2018/30"


def test_queries_are_read_line_by_line_from_standard_input(anze):
    done = anze("search", "-", "--json", stdin="诫勉\n第二十条\n".encode())
    first, second = (json.loads(line) for line in done.stdout.decode("utf-8").splitlines())
    assert first["results"][0]["provision_id"] == "changzhou-2018/30"
    assert second["results"][0]["provision_id"] == "changzhou-2018/20"


def test_a_document_s_outline_and_a_provision_are_shown(anze_here):
    outline = anze_here("show", "changzhou-2018").stdout.decode("utf-8")
    assert "(changzhou-2018/20/i3)" in outline
    shown = anze_here("show", "常办[2018]30号第20条第3项").stdout.decode("utf-8")
    assert shown.rstrip().endswith("对迟报、漏报、谎报或者瞒报生产安全事故负有领导责任的。")


def test_the_registers_are_printed_and_given_as_json(anze_here):
    shown = anze_here("duties", "区长", "--place", "常州市").stdout.decode("utf-8")
    assert "政府主要负责人" in shown
    assert "每季度至少1次" in shown
    found = json.loads(anze_here("sanctions", "诫勉", "--json").stdout)
    assert found["total"] == len(found["sanctions"]) > 0


@pytest.mark.parametrize(
    ("words", "changes", "sentence"),
    [
        (("ask", ""), {}, "问题是空的"),
        (("ask", "常" * 3000), {}, "最多2000个字"),
        (("ask", "诫勉", "--as-of", "昨天"), {}, "2026-11-21"),
        (("ask", "诫勉"), {"ANZE_COLOUR": "red"}, "ANZE_COLOUR"),
        (("ask", "诫勉"), {"ANZE_MODEL": "no-such-folder"}, "python -m index.weights"),
        (("ask", "诫勉"), {"ANZE_INDEX": "no-such-folder"}, "anze index"),
        (("import", "no-such-file.txt"), {}, "no-such-file.txt"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_before_a_model_is_loaded(
    anze_within, monkeypatch, words, changes, sentence
):
    monkeypatch.setattr(SentenceTransformer, "__init__", None)
    assert sentence in said(anze_within(*words, **changes))


def test_a_process_that_ends_badly_says_one_sentence(anze):
    assert "ANZE_COLOUR" in said(anze("ask", "诫勉", ANZE_COLOUR="red"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("ask", "诫勉", "--place", "火星"), "不认识的地方"),
        (("duties", "区长", "--place", "火星"), "不认识的地方"),
        (("show", "第一百条"), "没有“第一百条”"),
        (("show", "胡言乱语"), "不是条款号"),
    ],
)
def test_what_the_edition_does_not_have_is_said_in_one_sentence(anze_here, words, sentence):
    assert sentence in said(anze_here(*words))


def test_the_doctor_names_what_is_missing(anze, anze_within):
    assert anze("doctor").returncode == 0
    sick = anze_within("doctor", "--json", ANZE_MODEL="no-such-folder")
    assert sick.returncode == 1
    found = {finding["what"]: finding["ok"] for finding in json.loads(sick.stdout)}
    assert not found["模型"]
    assert found["文件库"]
