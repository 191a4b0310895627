"""What a look-up brings first, held against the stretches that answer."""

from __future__ import annotations

import pytest

from evals import found
from evals.case import Case, Gold

_ASKED = "常州瞒报事故的领导干部会怎样"


@pytest.fixture(scope="module")
def documents(assistant):
    return {document.id: document for document in assistant.index.documents}


def case(text: str, part: str = "tune") -> Case:
    gold = Gold(document="changzhou-2018", text=text)
    return Case(id="made-up", kind="condition", question=_ASKED, gold=(gold,), split=part)


def results(assistant, *ids: str):
    brought = {r.provision_id: r for r in assistant.search("问责", limit=50).results}
    one = next(iter(brought.values()))
    return [one.model_copy(update={"provision_id": provision_id}) for provision_id in ids]


@pytest.mark.parametrize(
    ("first", "by_stretch", "by_address"),
    [("20/i3", 1, 1), ("20", 1, 1), ("20/i1", 0, 0), ("30", 0, 0)],
)
def test_an_article_counts_for_its_item_and_a_neighbour_does_not(
    assistant, documents, first, by_stretch, by_address
):
    text = documents["changzhou-2018"].by_id["changzhou-2018/20/i3"].text
    brought = results(assistant, f"changzhou-2018/{first}")
    measured = found.measures(found.asked_of(case(text), documents), brought, documents)
    assert (measured["any@5"], measured["any@5 address"]) == (by_stretch, by_address)


def test_the_sixth_result_is_not_among_the_first_five(assistant, documents):
    text = documents["changzhou-2018"].by_id["changzhou-2018/20/i3"].text
    ids = [f"changzhou-2018/{n}" for n in (1, 30, 26, 14, 15, 20)]
    measured = found.measures(
        found.asked_of(case(text), documents), results(assistant, *ids), documents
    )
    assert (measured["R@5"], measured["R@10"]) == (0, 1)
    assert measured["MRR@10"] == pytest.approx(1 / 6)


def test_of_the_report_part_no_miss_is_shown(assistant, capsys):
    looked = list(found.look_up(assistant, [case("本办法自发布之日起施行", "report")]))
    found._print_misses(looked, 10)
    assert capsys.readouterr().out == ""
    assert looked[0].measures["R@5"] == 0
