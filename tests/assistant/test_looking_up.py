"""Looking rules up as a clerk types them, and documents by what they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.contenders import ranked
from assistant.named import called, matching
from assistant.received import received
from assistant.service import Assistant


def test_an_item_is_found_by_its_number_in_the_list_of_a_post(assistant: Assistant) -> None:
    results = assistant.search("区长第3项", "常州市").results
    assert results[0].provision_id == "changzhou-2018/7/i3"


@pytest.mark.parametrize(
    "typed", ["三十条", "常州三十条", "常办[2018]30号", "changzhou-2018/30", "诫勉"]
)
@pytest.mark.parametrize("place", ["成都市", "湛江经济技术开发区"])
def test_with_a_place_given_only_its_documents_come(
    assistant: Assistant, typed: str, place: str
) -> None:
    results = assistant.search(typed, place).results
    assert {r.document.jurisdiction for r in results} <= {place}


def test_without_a_place_what_is_named_comes(assistant: Assistant) -> None:
    for typed in ("三十条", "常州三十条", "changzhou-2018/30"):
        assert assistant.search(typed).results[0].provision_id == "changzhou-2018/30"


@pytest.mark.parametrize(
    "typed",
    ["第一百条", "常州第一百条", "查一下第一百条", "常办[2018]30号第100条", "changzhou-2018/99"],
)
def test_an_address_that_no_document_has_finds_nothing(assistant: Assistant, typed: str) -> None:
    assert assistant.search(typed).results == ()


@pytest.mark.parametrize("typed", ["zzzzqq", "@#¥", "hello", "987654"])
def test_what_is_no_chinese_and_stands_nowhere_finds_nothing(
    assistant: Assistant, typed: str
) -> None:
    assert assistant.search(typed).results == ()


def test_what_is_only_near_in_meaning_is_told_apart(assistant: Assistant) -> None:
    assert all(r.near for r in assistant.search("天气").results)
    near = [r.near for r in assistant.search("诫勉", limit=20).results]
    assert near[0] is False
    assert True in near
    assert not assistant.search("区长").results[0].near  # regulations write 政府主要负责人
    assert not assistant.search("区长第3项", "常州市").results[0].near


@pytest.mark.parametrize(
    ("question", "provision"),
    [
        ("常州的区长在安全生产上要做哪些事", "changzhou-2018/7"),
        ("领导干部出现什么情形要被问责，常州怎么定的", "changzhou-2018/20"),
        ("上海由谁负责约谈，什么情况下约谈", "shanghai-2015/h5"),
        ("湛江开发区这份征求意见函对外公开吗", "zhanjiang-2016/pre/p11"),
        ("湛江开发区要构建怎样的安全生产工作格局", "zhanjiang-2016/pre/p15"),
    ],
)
def test_a_question_brings_what_answers_it_among_the_first_five(
    assistant: Assistant, question: str, provision: str
) -> None:
    first = [r.provision_id for r in assistant.search(question).results[:5]]
    assert any(f"{found}/".startswith(f"{provision}/") for found in first)


def test_every_place_that_is_named_is_among_the_first(assistant: Assistant) -> None:
    results = assistant.search("常州、成都、静安的党政主要负责人各自负什么责任").results
    assert len({r.document.id for r in results}) >= 3


def test_what_a_provision_already_shows_makes_room_for_others(assistant: Assistant) -> None:
    document = assistant.library().document("changzhou-2018")
    article, item, other = (document.by_id[f"changzhou-2018/{n}"] for n in ("20", "20/i3", "26"))
    order = ranked([item, article, other], [0.8, 0.9, 0.5], 3)
    assert [provision for provision, _ in order] == [article, other, item]


def test_scores_fall_from_first_to_last(assistant: Assistant) -> None:
    for typed in ("常州受到诫勉处理多久不得提拔", "第三十条 诫勉多久不得提拔", "诫勉"):
        scores = [r.score for r in assistant.search(typed, limit=30).results]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("typed", ["常办[2018]30号", "常办 〔2018〕", "30號", "常州实施办"])
def test_a_document_is_called_by_its_number_or_its_name(assistant: Assistant, typed: str) -> None:
    assert [d.id for d in called(assistant.library().documents, typed)] == ["changzhou-2018"]


def test_a_word_that_only_stands_in_a_title_calls_no_document(assistant: Assistant) -> None:
    assert called(assistant.library().documents, "责任") == []
    assert called(assistant.library().documents, "常") == []


def test_every_word_narrows_the_documents(assistant: Assistant) -> None:
    documents = assistant.library().documents
    assert len(matching(documents, "")) == len(documents)
    assert [d.id for d in matching(documents, "成都 清单")] == ["chengdu-2020"]
    assert matching(documents, "成都 实施办法") == []


def test_changes_are_shown_only_for_the_text_that_serves(
    assistant: Assistant, tmp_path: Path
) -> None:
    document = assistant.library().document("changzhou-2018")
    edition = assistant.settings.edition
    assert received(document, edition).edits
    assert received(document, tmp_path).edits is None
    file = edition / "changzhou-2018.md"
    (tmp_path / "edits").mkdir()
    (tmp_path / "edits" / "changzhou-2018.jsonl").write_text("")
    (tmp_path / file.name).write_bytes(file.read_bytes())
    assert received(document, tmp_path).edits == ()
    (tmp_path / file.name).write_text(file.read_text("utf-8") + "\n又一行。\n", "utf-8")
    assert received(document, tmp_path).edits is None
