"""Every provision of the shipped edition can be read in its place, marked exactly."""

from __future__ import annotations

import html
import re

import pytest

from assistant.errors import BadQuestion, NotFound
from assistant.service import Assistant
from ui.reader import find_place, panel, whole_document

_MARK = re.compile(r"<mark[^>]*>(.*?)</mark>")


def marked(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", "".join(_MARK.findall(page))))


def words(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def test_every_provision_is_marked_from_end_to_end(assistant: Assistant) -> None:
    for document in assistant.documents().documents:
        nodes = list(assistant.document(document.id).tree)
        while nodes:
            node = nodes.pop()
            nodes.extend(node.children)
            text = assistant.provision(node.provision_id).text
            place = find_place(assistant, node.provision_id, (0, len(text)))
            expected = "".join(line for line in text.split("\n") if line.strip())
            assert marked(panel(place)) == expected, node.provision_id
            assert marked(whole_document(place.document, place)) == expected, node.provision_id


def test_no_character_of_the_document_is_lost(assistant: Assistant) -> None:
    for document in assistant.documents().documents:
        text = assistant.document(document.id).text
        first = assistant.document(document.id).tree[0].provision_id
        for place in (None, find_place(assistant, first, (0, 1))):
            made = words(whole_document(assistant.document(document.id), place))
            assert made == text.replace("\n", "")


def test_an_item_is_shown_below_the_words_that_it_hangs_on(assistant: Assistant) -> None:
    made = words(panel(find_place(assistant, "changzhou-2018/20/i3", None)))
    lead = assistant.provision("changzhou-2018/20").text.split("\n")[0]
    item = assistant.provision("changzhou-2018/20/i3").text
    assert made.index(lead) < made.index(item)
    for address in ("第二十条第（二）项", "第二十条第（四）项", "第五章 责任追究"):
        assert address in made


def test_neighbours_are_what_one_reads_before_and_after(assistant: Assistant) -> None:
    for provision, before, after in (
        ("changzhou-2018/6", "changzhou-2018/5", "changzhou-2018/7"),
        ("changzhou-2018/21/p1", "changzhou-2018/20", "changzhou-2018/21/p2"),
    ):
        place = find_place(assistant, provision, None)
        assert place.before is not None
        assert place.after is not None
        assert (place.before.provision_id, place.after.provision_id) == (before, after)


def test_the_way_up_keeps_the_mark(assistant: Assistant) -> None:
    item = assistant.provision("changzhou-2018/20/i3")
    article = assistant.provision("changzhou-2018/20")
    at = item.start - article.start
    made = panel(find_place(assistant, "changzhou-2018/20/i3", (0, 4)))
    assert f"/p/changzhou-2018/20?s={at}&amp;e={at + 4}#mark" in made


@pytest.mark.parametrize("mark", [(3, 3), (-1, 2), (0, 10_000)])
def test_a_mark_has_to_lie_inside(assistant: Assistant, mark: tuple[int, int]) -> None:
    with pytest.raises(BadQuestion):
        find_place(assistant, "changzhou-2018/30", mark)


def test_a_provision_that_is_not_there(assistant: Assistant) -> None:
    with pytest.raises(NotFound):
        find_place(assistant, "changzhou-2018/100", None)
