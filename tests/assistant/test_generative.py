"""Answers worded by a language model that is good, bad or broken, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from langchain_core.tracers.langchain import wait_for_all_tracers
from langsmith.utils import get_env_var

from assistant.models import Answer, Mode, Notice, Question, Statement
from assistant.service import Assistant
from assistant.settings import Settings
from evals.scripted.asked import Asked
from evals.scripted.endpoint import Endpoint
from evals.scripted.scripts import SCRIPTS, Script, writing
from evals.scripted.writers import claims, says
from tests.conftest import beside

PERIOD = "常州受到诫勉处理多久不得提拔"
EXTRACTED = "受到诫勉处理的，6个月内不得提拔或者重用。"
LIST = "常州区委书记有哪些职责"

With = Callable[..., tuple[Assistant, Endpoint]]


@pytest.fixture
def with_model(settings: Settings, assistant: Assistant) -> Iterator[With]:
    """An assistant whose model plays a part, and the endpoint that plays it."""
    with ExitStack() as stack:

        def made(script: Script, **changes: object) -> tuple[Assistant, Endpoint]:
            endpoint = stack.enter_context(Endpoint.playing(script))
            named = {"llm_base_url": endpoint.url, "llm_model": "scripted", "llm_timeout": 5.0}
            own = settings.model_copy(update=named | changes)
            return beside(assistant, own), endpoint

        yield made


def ask(assistant: Assistant, question: str = PERIOD) -> Answer:
    return assistant.ask(Question(question=question))


def test_a_good_model_words_the_answer_and_signs_it(with_model: With) -> None:
    assistant, endpoint = with_model(SCRIPTS["copyist"])
    answer = ask(assistant)
    assert (answer.mode, answer.model) == (Mode.GENERATIVE, "scripted")
    assert [s.text for s in answer.statements] == [EXTRACTED]
    assert answer.citations[0].address == "第三十条"
    assert answer.trace is not None
    assert answer.trace.used == 1
    assert len(answer.trace.prompt) == 12
    assert endpoint.received[0].evidence


def test_no_schema_is_asked_for_where_the_operator_says_so(with_model: With) -> None:
    assistant, endpoint = with_model(SCRIPTS["copyist"], llm_schema=False)
    answer = ask(assistant)
    assert answer.mode is Mode.GENERATIVE
    asked = endpoint.received[0]
    assert not asked.is_structured
    assert asked.counts_tokens


def test_a_model_may_reword(with_model: With) -> None:
    assistant, _ = with_model(writing(claims("受到诫勉处理，6个月内不得提拔或者重用")))
    answer = ask(assistant)
    assert answer.answer.startswith("受到诫勉处理，6个月内不得提拔或者重用。[1]")
    assert answer.mode is Mode.GENERATIVE


@pytest.mark.parametrize(
    "claim",
    [
        "受到诫勉处理的，2年内不得提拔或者重用。",
        "受到诫勉处理的，6个月内可以提拔或者重用。",
        "受到诫勉处理的，不得提拔或者重用。",
        "受到诫勉处理的，6个月内不得提拔或者重用，但表现突出的除外。",
        "受到免职处理的，6个月内不得提拔或者重用。",
        "依据第一百条，受到诫勉处理的，6个月内不得提拔或者重用。",
    ],
)
def test_a_rule_that_a_model_changes_is_given_as_it_stands(with_model: With, claim: str) -> None:
    assistant, _ = with_model(writing(claims(claim)))
    answer = ask(assistant)
    assert [s.text for s in answer.statements] == [EXTRACTED]
    assert (answer.mode, answer.model) == (Mode.EXTRACTIVE, None)
    assert answer.notices == ("语言模型写的句子未能通过与原文的核对，本次按法规原文作答。",)
    assert answer.trace is not None
    assert (answer.trace.dropped, answer.trace.replaced) == (1, 1)


def test_a_token_that_was_not_issued_takes_its_sentence_with_it(with_model: With) -> None:
    assistant, _ = with_model(writing(says(f"{EXTRACTED}[{{TOKEN}}][ZZZZ]\n")))
    answer = ask(assistant)
    assert answer.mode is Mode.EXTRACTIVE
    assert answer.trace is not None
    assert answer.trace.used == 0


def test_what_a_model_leaves_out_is_added_in_the_words_of_the_text(with_model: With) -> None:
    plain, _ = with_model(SCRIPTS["empty"])
    assistant, _ = with_model(SCRIPTS["leaves_out"])
    question = "常州党委和政府多久研究一次安全生产"
    whole = {s.text for s in ask(plain, question).statements}
    assert {s.text for s in ask(assistant, question).statements} == whole


def test_a_list_is_given_as_it_stands_and_costs_no_call(with_model: With) -> None:
    assistant, endpoint = with_model(SCRIPTS["copyist"])
    answer = ask(assistant, LIST)
    assert len(answer.statements) > 3
    assert (answer.mode, answer.trace, endpoint.received) == (Mode.EXTRACTIVE, None, [])


def test_a_refusal_costs_no_call(with_model: With) -> None:
    assistant, endpoint = with_model(SCRIPTS["copyist"])
    assert ask(assistant, "广州安全生产罚款多少").reason is not None
    assert endpoint.received == []


def test_the_model_sees_words_and_tokens_but_no_address(with_model: With) -> None:
    assistant, endpoint = with_model(SCRIPTS["copyist"])
    ask(assistant)
    sent = endpoint.received[0].user
    assert PERIOD in sent
    assert "第三十条" not in sent
    assert "常办" not in sent


def test_tokens_are_new_for_every_question(with_model: With) -> None:
    assistant, endpoint = with_model(SCRIPTS["copyist"])
    ask(assistant)
    ask(assistant)
    first, second = endpoint.received
    assert set(first.evidence) != set(second.evidence)


def test_statements_stream_and_the_notice_of_a_fault_comes_too(with_model: With) -> None:
    assistant, _ = with_model(SCRIPTS["breaks"])
    events = list(assistant.asking(Question(question=PERIOD)))
    assert Statement(text=EXTRACTED, citations=(1,)) in events
    assert Notice(notice="语言模型服务拒绝了请求，本次按法规原文作答。") in events


def test_a_dead_endpoint_costs_one_question(with_model: With) -> None:
    assistant, endpoint = with_model(SCRIPTS["breaks"])
    ask(assistant)
    before = len(endpoint.received)
    answer = ask(assistant)
    assert len(endpoint.received) == before
    assert answer.notices == ("语言模型服务刚出过故障，暂停使用，本次按法规原文作答。",)


def test_no_question_goes_to_a_tracing_service(
    with_model: With, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assistant, endpoint = with_model(SCRIPTS["copyist"])
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "none")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", endpoint.address)
    get_env_var.cache_clear()
    try:
        assert ask(assistant).mode is Mode.GENERATIVE
        wait_for_all_tracers()
    finally:
        get_env_var.cache_clear()
    # the endpoint knows no such path, and what could not be sent is logged
    assert not [record for record in caplog.records if record.name.startswith("langsmith")]


def test_an_item_that_a_model_copies_keeps_its_label(with_model: With) -> None:
    question = "成都安委会多久开一次会"
    plain, _ = with_model(SCRIPTS["empty"])
    assistant, _ = with_model(SCRIPTS["copyist"])
    answer = ask(assistant, question)
    assert answer.mode is Mode.GENERATIVE
    assert answer.answer == ask(plain, question).answer


def written(*sentences: str) -> Script:
    """A model that writes sentences under the tokens of the pieces named by ``{0}``, ``{1}`` …"""

    def writer(asked: Asked) -> list[str]:
        tokens = [f"[{token}]" for token in asked.evidence]
        return [sentence.format(*tokens) + "\n" for sentence in sentences]

    return writing(writer)


def said(answer: Answer) -> list[str]:
    return [statement.text for statement in answer.statements]


TWO = "常州受到诫勉处理多久能提拔，受到降职处理多久能提拔"
BOTH_POSTS = "成都市区委书记和区长各自每年调研检查安全生产工作不少于几次"


@pytest.mark.parametrize(
    "sentences",
    [
        ("2年内不得提拔。{1}", "6个月内不得提拔或者重用。{0}"),
        ("2年内不得提拔。受到诫勉处理的，6个月内不得提拔或者重用。{0}{1}",),
        ("6个月内不得提拔或者重用。{0}", "2年内不得提拔。{1}"),
    ],
)
def test_a_measure_does_not_lose_what_it_is_for(
    with_model: With, sentences: tuple[str, ...]
) -> None:
    plain, _ = with_model(SCRIPTS["empty"])
    assistant, _ = with_model(written(*sentences))
    assert said(ask(assistant, TWO)) == said(ask(plain, TWO))


def test_sentences_stay_in_the_order_of_the_draft(with_model: With) -> None:
    plain, _ = with_model(SCRIPTS["empty"])
    whole = said(ask(plain, BOTH_POSTS))
    items = [text for text in whole if not text.endswith("：")]
    assert len(items) == 2
    assistant, endpoint = with_model(written(f"{items[1]}{{1}}", f"{items[0]}{{0}}"))
    assert said(ask(assistant, BOTH_POSTS)) == whole
    assert not any(words.endswith("：") for words in endpoint.received[0].evidence.values())


def test_the_part_that_is_asked_for_cannot_be_left_out(with_model: With) -> None:
    question = "上海中心城区一年发生几起较大事故会被约谈"
    plain, _ = with_model(SCRIPTS["empty"])
    whole = said(ask(plain, question))
    clauses = whole[0].rstrip("。").split("，")
    assert len(clauses) > 1
    for left_out in range(len(clauses)):
        kept = "，".join(c for n, c in enumerate(clauses) if n != left_out)
        assistant, _ = with_model(written(f"{kept}。{{0}}"))
        assert said(ask(assistant, question))[0] == whole[0], clauses[left_out]


@pytest.mark.parametrize(
    "claim",
    [
        "根据武进区的规定，受到诫勉处理的，6个月内不得提拔或者重用。",
        "根据规定，受到诫勉处理的，6个月内不得提拔或者重用。",
        "因此，受到诫勉处理的，6个月内不得提拔或者重用。",
        "受到诫勉处理的，6个月内“不得”提拔或者重用。",
        "受到诫勉处理的，06个月内不得提拔或者重用。",
    ],
)
def test_nothing_is_put_around_a_rule(with_model: With, claim: str) -> None:
    assistant, _ = with_model(writing(claims(claim)))
    assert said(ask(assistant, "武进区受到诫勉处理多久不得提拔")) == [EXTRACTED]


def test_no_name_of_the_environment_goes_to_the_endpoint(
    with_model: With, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "our-office")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "our-project")
    assistant, endpoint = with_model(SCRIPTS["copyist"])
    ask(assistant)
    sent = endpoint.received[0].headers
    assert not [name for name in sent if name.lower().startswith(("openai-", "x-stainless-"))]


@pytest.mark.parametrize(
    "question",
    [
        TWO,
        BOTH_POSTS,
        "上海中心城区一年发生几起较大事故会被约谈",
        "常州党委和政府多久研究一次安全生产",
        "常州班子里不分管安全的副职负什么责任",
        "湛江的镇党委书记和镇长，哪个是对全镇安全“负总责”的？",
    ],
)
def test_whatever_is_cut_or_turned_round_the_answer_stays_whole(
    with_model: With, question: str
) -> None:
    def cuts(asked: Asked) -> list[str]:
        return [
            f"{'，'.join(c for n, c in enumerate(clauses) if n != left_out)}。[{token}]\n"
            for token, words in reversed(asked.evidence.items())
            for clauses in [words.rstrip("。").split("，")]
            for left_out in range(len(clauses))
            if len(clauses) > 1
        ]

    plain, _ = with_model(SCRIPTS["empty"])
    assistant, _ = with_model(writing(cuts))
    assert said(ask(assistant, question)) == said(ask(plain, question))
