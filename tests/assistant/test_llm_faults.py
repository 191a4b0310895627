"""A language model that fails costs an answer its wording, and nothing else."""

import logging
import re
import threading
import time
import traceback

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from assistant.api.app import create_app
from assistant.ask import answering
from assistant.compose.generative import Composer
from assistant.errors import SettingsError
from assistant.llm import endpoint as llm
from assistant.models import Mode, Question
from assistant.service import Assistant
from assistant.settings import load_settings
from evals.faults import GRACE, KEY, QUESTION, play, settings_with
from evals.scripted.endpoint import Endpoint
from evals.scripted.scripts import SCRIPTS, Comes, writing
from evals.scripted.writers import alters, claims
from prompts import load

LIMIT = 1.0
#: Seconds for a model that does not hang: what is tested is not how fast this machine is.
AMPLE = 60.0
PACE = 0.1
CHINESE = re.compile(r"语言模型.*(本次|其余)按法规原文作答。")


def named(*outcomes):
    return [name for name, script in SCRIPTS.items() if script.comes_to in outcomes]


def composer_for(endpoint, calls=8, limit=AMPLE):
    model = llm.Endpoint(endpoint.url, endpoint.name, SecretStr(KEY), limit, calls, rest=3600)
    return Composer(model, load("compose"))


def end_rest(composer):
    """As when the time of rest has passed."""
    composer.endpoint._breaker.half_open()


def ask(assistant, composer, question=QUESTION):
    asked = Question(question=question)
    *_, answer = answering(asked, assistant.library(), assistant.understanding, composer)
    return answer


@pytest.fixture(scope="module")
def plain(assistant):
    return ask(assistant, None)


@pytest.mark.filterwarnings("ignore:Pydantic serializer")  # of a reply of wrong types
@pytest.mark.parametrize("name", named(Comes.FAULT))
def test_a_fault_gives_the_extractive_answer_in_time_and_says_why(assistant, plain, name):
    played = play(SCRIPTS[name], assistant, LIMIT, PACE, plain)
    assert played.wrong(LIMIT) == []
    for answer in played.answers:
        assert answer.answer == played.plain.answer
        assert CHINESE.fullmatch(answer.notices[-1])
        assert answer.trace.fault
    assert played.seconds[0] < LIMIT + GRACE


@pytest.mark.parametrize("name", named(Comes.HOSTILE))
def test_nothing_of_a_hostile_reply_is_shown(assistant, plain, name):
    assert play(SCRIPTS[name], assistant, AMPLE, PACE, plain).wrong(AMPLE) == []


@pytest.mark.parametrize("name", named(Comes.GOOD))
def test_a_good_model_writes_the_answer_whatever_form_it_writes_in(assistant, plain, name):
    played = play(SCRIPTS[name], assistant, AMPLE, PACE, plain)
    assert played.wrong(AMPLE) == []
    assert played.answers[0].model == "scripted"


@pytest.mark.parametrize("name", ["refused", "hangs", "busy"])
def test_a_dead_endpoint_costs_one_question(assistant, plain, name):
    with Endpoint.playing(name, PACE) as endpoint:
        composer = composer_for(endpoint, limit=LIMIT)
        first = ask(assistant, composer)
        before = len(endpoint.received)
        second = ask(assistant, composer)
    assert first.trace.fault != "resting"
    assert second.trace.fault == "resting"
    assert second.answer == plain.answer
    assert len(endpoint.received) == before


def test_after_its_rest_the_endpoint_is_tried_again(assistant):
    with Endpoint.playing("refused") as endpoint:
        model = llm.Endpoint(endpoint.url, endpoint.name, SecretStr(KEY), AMPLE, rest=1.0)
        composer = Composer(model, load("compose"))
        assert ask(assistant, composer).trace.fault == "unreachable"
        endpoint.play("copyist")
        time.sleep(1.0)
        assert ask(assistant, composer).mode is Mode.GENERATIVE
        assert ask(assistant, composer).mode is Mode.GENERATIVE


def test_an_endpoint_that_is_still_dead_after_its_rest_costs_one_question_more(assistant):
    with Endpoint.playing("hangs") as endpoint:
        composer = composer_for(endpoint, limit=3 * LIMIT)
        ask(assistant, composer)
        end_rest(composer)
        faults = together(4, lambda: ask(assistant, composer).trace.fault)
        assert sorted(faults) == ["resting", "resting", "resting", "slow"]
        assert len(endpoint.received) == 2


@pytest.mark.parametrize("name", ["empty", "half_json", "endless", "malformed"])
def test_replies_that_are_of_no_use_cost_so_many_questions_and_no_more(assistant, plain, name):
    with Endpoint.playing(name, PACE) as endpoint:
        composer = composer_for(endpoint)
        faults = [ask(assistant, composer).trace.fault for _ in range(llm.USELESS)]
        after = ask(assistant, composer)
    assert "resting" not in faults
    assert (after.trace.fault, after.answer) == ("resting", plain.answer)
    assert len(endpoint.received) == llm.USELESS


def test_one_reply_of_use_begins_the_count_anew(assistant):
    with Endpoint.playing("empty") as endpoint:
        composer = composer_for(endpoint)
        for name in ["empty", "empty", "copyist", "empty", "empty"]:
            endpoint.play(name)
            assert ask(assistant, composer).trace.fault in {"empty", None}, name
        assert ask(assistant, composer).trace.fault == "empty"
        assert ask(assistant, composer).trace.fault == "resting"


def test_an_endpoint_of_no_use_after_its_rest_costs_one_question_more(assistant):
    with Endpoint.playing("empty") as endpoint:
        composer = composer_for(endpoint)
        for _ in range(llm.USELESS):
            ask(assistant, composer)
        end_rest(composer)
        assert [ask(assistant, composer).trace.fault for _ in range(2)] == ["empty", "resting"]
        end_rest(composer)
        endpoint.play("copyist")
        assert ask(assistant, composer).mode is Mode.GENERATIVE
        endpoint.play("empty")
        assert ask(assistant, composer).trace.fault == "empty"
        assert ask(assistant, composer).trace.fault == "empty"


def test_no_more_calls_are_under_way_than_allowed(assistant):
    with Endpoint.playing("hangs") as endpoint:
        composer = composer_for(endpoint, calls=2, limit=3 * LIMIT)
        faults = together(4, lambda: ask(assistant, composer).trace.fault)
    assert sorted(faults) == ["crowded", "crowded", "slow", "slow"]


def together(count, does):
    """What *does* gives, called in *count* threads at once."""
    found = []
    threads = [threading.Thread(target=lambda: found.append(does())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_no_call_goes_on_behind_an_answer(assistant):
    for name in ("drips", "keeps_alive", "endless", "reasons_on", "drips_headers", "hangs"):
        with Endpoint.playing(name, PACE) as endpoint:
            ask(assistant, composer_for(endpoint, limit=LIMIT))
            patience = time.monotonic() + 5
            while calls() and time.monotonic() < patience:
                time.sleep(0.02)
            assert calls() == [], name


def calls():
    """The threads that wait for a model."""
    return [thread for thread in threading.enumerate() if thread.name == "anze-llm"]


def test_an_endpoint_that_knows_no_schema_is_not_asked_for_one_again(assistant):
    with Endpoint.playing("no_schema") as endpoint:
        composer = composer_for(endpoint)
        assert ask(assistant, composer).mode is Mode.GENERATIVE
        assert ask(assistant, composer).mode is Mode.GENERATIVE
    assert [asked.is_structured for asked in endpoint.received] == [True, False, False]


def test_tokens_are_counted_once(assistant):
    with Endpoint.playing("copyist") as endpoint:
        trace = ask(assistant, composer_for(endpoint)).trace
    (asked,) = endpoint.received
    assert trace.tokens_in == len(asked.system + asked.user)
    assert trace.tokens_out < 2 * sum(map(len, asked.evidence.values()))


def test_the_model_sees_no_address_and_tokens_are_new_each_time(assistant, plain):
    with Endpoint.playing("copyist") as endpoint:
        composer = composer_for(endpoint)
        ask(assistant, composer)
        ask(assistant, composer)
    first, second = endpoint.received
    assert not set(first.evidence) & set(second.evidence)
    for citation in plain.citations:
        assert citation.provision_id not in first.user
        assert citation.document.title not in first.user


@pytest.mark.parametrize(
    "writer",
    [
        claims("民防部门可以不落实地下空间分级管理制度。"),
        claims("瞒报的，罚款五十万元。"),
        claims("根据第九十九条，民防部门要落实地下空间分级管理制度。"),
        alters("要", "不得"),
        alters("房管部门", "公安部门"),
    ],
)
def test_a_sentence_that_the_evidence_does_not_say_is_not_shown(assistant, plain, writer):
    with Endpoint.playing(writing(writer, "liar")) as endpoint:
        assert ask(assistant, composer_for(endpoint)).answer == plain.answer


def test_an_item_told_by_the_model_stands_behind_the_words_it_stands_under(assistant):
    question = "成都宣传部长职责"
    before = ask(assistant, None, question).answer
    lead = next(line for line in before.splitlines() if "：" in line).partition("[")[0]
    with Endpoint.playing("merger") as endpoint:
        told = ask(assistant, composer_for(endpoint), question).answer.splitlines()
    written = [line for line in told if "按文件中的" not in line]
    assert written[0].startswith(lead)


def test_the_key_goes_nowhere_but_to_the_endpoint(settings, assistant, tmp_path, caplog):
    """Not into answers, the audit log, metrics or logs, even where the endpoint shows it."""
    caplog.set_level(logging.DEBUG)
    with Endpoint.playing("copyist") as endpoint:
        changed = settings_with(endpoint, settings, AMPLE).model_copy(update={"data": tmp_path})
        with serving(Assistant(changed, assistant.index), changed) as client:
            said = all_that_is_said(client)
            endpoint.play("unauthorised")
            said += all_that_is_said(client)
    assert '"rejected"' in said
    for asked in endpoint.received:
        assert asked.headers["authorization"] == f"Bearer {KEY}"
        assert KEY.encode() not in asked.content
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert "民防部门".encode() in written
    assert KEY not in said + repr(changed) + caplog.text
    assert KEY.encode() not in written


@pytest.mark.parametrize("key", [f"{KEY}\n", f"{KEY} {KEY}", f"{KEY}密钥"])
def test_a_key_that_cannot_be_sent_is_told_at_the_start_without_being_shown(key):
    named = {"ANZE_LLM_BASE_URL": "http://127.0.0.1:9/v1", "ANZE_LLM_MODEL": "m"}
    with pytest.raises(SettingsError, match="ANZE_LLM_KEY") as told:
        load_settings({**named, "ANZE_LLM_KEY": key})
    assert KEY not in "".join(traceback.format_exception(told.value))


def serving(assistant, settings):
    return TestClient(create_app(assistant, settings), base_url="http://127.0.0.1")


def all_that_is_said(client):
    """What the API says of one question, streamed and not, and of itself."""
    asked = {"question": QUESTION}
    posts = [client.post(path, json=asked) for path in ("/api/v1/ask", "/api/v1/ask/stream")]
    assert [post.status_code for post in posts] == [200, 200]
    gets = [client.get(path) for path in ("/metrics", "/readyz", "/openapi.json")]
    return "".join(response.text for response in (*posts, *gets))
