"""The registers over HTTP, as their callers see them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from assistant.api.app import create_app
from assistant.registers import Registers
from assistant.service import Assistant
from index.provision import Audience

DUTIES, SANCTIONS = "/api/v1/duties", "/api/v1/sanctions"


@pytest.fixture(scope="module")
def http(assistant: Assistant) -> Iterator[TestClient]:
    with TestClient(create_app(assistant), base_url="http://127.0.0.1") as client:
        yield client


def check_place(http: TestClient, place: dict[str, object]) -> None:
    provision = http.get(f"/api/v1/provisions/{place['provision_id']}").json()
    assert provision["text"][place["start"] : place["end"]] == place["quote"]
    assert provision["address"] == place["address"]


def test_a_post_has_the_duties_that_regulations_give_it(http: TestClient) -> None:
    reply = http.get(DUTIES, params={"role": "区长", "jurisdiction": "常州市"}).json()
    assert reply["role"]["understood"] == ["政府主要负责人"]
    places = [duty["citation"]["provision_id"] for duty in reply["duties"]]
    assert places[-6:] == [f"changzhou-2018/7/i{n}" for n in range(1, 7)]
    often = reply["duties"][-4]["frequency"]
    assert (often["words"], often["per_year"]) == ("每季度至少1次", 4)
    for duty in reply["duties"]:
        check_place(http, duty["citation"])


def test_a_post_that_a_document_lacks_has_those_of_the_wider_one(http: TestClient) -> None:
    reply = http.get(DUTIES, params={"role": "组织部长", "jurisdiction": "常州市"}).json()
    assert reply["role"]["wider"]
    assert reply["duties"][-1]["citation"]["provision_id"] == "changzhou-2018/8"


def test_a_post_that_nobody_knows_has_no_duties(http: TestClient) -> None:
    reply = http.get(DUTIES, params={"role": "蘑菇采集者"}).json()
    assert (reply["role"]["understood"], reply["duties"], reply["total"]) == ([], [], 0)


@pytest.mark.parametrize("register", [DUTIES, SANCTIONS])
def test_a_place_without_documents_is_said_to_have_none(http: TestClient, register: str) -> None:
    reply = http.get(register, params={"jurisdiction": "广州市"}).json()
    assert reply["total"] == 0
    assert reply["notices"][0].startswith("没有收录广州市的文件。已收录：")
    assert "常州市" in reply["notices"][0]
    assert http.get(register, params={"jurisdiction": "常州市"}).json()["notices"] == []


@pytest.mark.parametrize(("register", "field"), [(DUTIES, "role"), (SANCTIONS, "whom")])
def test_a_post_that_is_none_is_said_to_be_none(
    http: TestClient, register: str, field: str
) -> None:
    reply = http.get(register, params={field: "火星长"}).json()
    assert reply["notices"]
    assert "没有“火星长”这个职务" in reply["notices"][0]


def test_the_public_is_told_of_no_internal_place(assistant: Assistant) -> None:
    (notice,) = assistant.reader(Audience.PUBLIC).duties("", "广州市").notices
    public = assistant.reader(Audience.PUBLIC).documents().documents
    covered = {document.jurisdiction or "全国" for document in public}
    assert set(notice.split("已收录：")[1].rstrip("。").split("、")) == covered


def test_pages_follow_one_another(http: TestClient) -> None:
    whole = http.get(DUTIES, params={"limit": 20}).json()
    second = http.get(DUTIES, params={"limit": 10, "offset": 10}).json()
    assert second["duties"] == whole["duties"][10:]
    assert second["total"] == whole["total"] > 200


def test_a_sanction_is_found_by_kind_conduct_and_person(http: TestClient) -> None:
    by_kind = http.get(SANCTIONS, params={"kind": "诫勉"}).json()
    assert by_kind["kind"]["understood"] == ["诫勉"]
    assert any(s["period"] and s["period"]["words"] == "6个月" for s in by_kind["sanctions"])
    by_conduct = http.get(SANCTIONS, params={"conduct": "瞒报事故"}).json()["sanctions"]
    assert by_conduct[0]["citation"]["provision_id"] == "changzhou-2018/20/i3"
    assert by_conduct[0]["ruling"]["provision_id"] == "changzhou-2018/20"
    for sanction in by_conduct:
        check_place(http, sanction["citation"])
        check_place(http, sanction["ruling"] or sanction["citation"])
    against = http.get(SANCTIONS, params={"whom": "党政领导干部"}).json()
    assert against["total"] > 5


@pytest.mark.parametrize("path", [DUTIES, SANCTIONS])
@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"jurisdiction": "火星"}, "jurisdiction"),
        ({"limit": "0"}, "limit"),
        ({"limit": "很多"}, "limit"),
        ({"offset": "-1"}, "offset"),
        ({"colour": "red"}, "colour"),
        ({"jurisdiction": "a\0"}, "jurisdiction"),
    ],
)
def test_what_is_wrong_is_named(
    http: TestClient, path: str, params: dict[str, str], field: str
) -> None:
    reply = http.get(path, params=params)
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["field"] == field


def test_a_place_without_documents_has_no_records(http: TestClient) -> None:
    assert http.get(DUTIES, params={"jurisdiction": "北京市"}).json()["total"] == 0


def test_a_public_reader_sees_no_record_of_an_internal_document(assistant: Assistant) -> None:
    internal = {
        document.id
        for document in assistant.index.documents
        if document.metadata.audience is Audience.INTERNAL
    }
    reader = assistant.reader(Audience.PUBLIC)
    shown = reader.duties(limit=200, offset=0).duties + reader.duties(limit=200, offset=200).duties
    assert not {duty.citation.document.id for duty in shown} & internal
    everything = assistant.duties(limit=1).total
    assert reader.duties(limit=1).total <= everything


def test_the_registers_are_made_once_for_many_threads(assistant: Assistant) -> None:
    registers = Registers()
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(registers.of, [assistant.index] * 4))
    assert all(one is made[0] for one in made)
