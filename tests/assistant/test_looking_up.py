"""Looking rules up as a clerk types them, and documents by what they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.named import called, matching
from assistant.received import received
from assistant.service import Assistant


def test_an_item_is_found_by_its_number_in_the_list_of_a_post(assistant: Assistant) -> None:
    results = assistant.search("区长第3项", "常州市").results
    assert results[0].provision_id == "changzhou-2018/7/i3"


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
