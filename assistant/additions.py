"""What belongs to a list and stands elsewhere: shared duties, and to whom else the list applies."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.evidence import Evidence, Group
from assistant.query import Query, Scope
from index.address import Level
from index.lists import ENUMERATED
from index.provision import Document, Provision
from index.units import Unit, sentences, whole

_RANKS = re.compile("街道|乡|镇|开发区|园区|管委会|事业单位|国有企业|社区|村")
_LIKEWISE = re.compile("参照[^，。；]{0,20}(?:执行|适用|办理)")


def duties_in_common(document: Document, provision: Provision) -> Unit | None:
    """The sentence beside the list that adds duties from elsewhere (除…外，还要…), or None."""
    if provision.parent is None or provision.level not in ENUMERATED:
        return None
    parent = document.by_id[provision.parent]
    for sibling in (document.by_id[child] for child in parent.children):
        lead = sibling.lead
        if sibling.level is Level.PARAGRAPH and "除" in lead and "外" in lead and "履行" in lead:
            return whole(sibling)
    return None


def with_reference(scope: Scope, query: Query, found: Group | None) -> Group | None:
    """The list, behind the sentence that extends it to the asker's rank (镇…参照本办法执行)."""
    ranks = set(_RANKS.findall(query.core))
    if found is None or not query.bearers or not ranks:
        return found
    first = found.evidence[0].unit
    if any(rank in e.unit.text for rank in ranks for e in found.evidence[:1]):
        return found
    document = next(d for d in scope.documents if d.id == first.provision.document_id)
    for provision in document.provisions:
        for sentence in sentences(provision):
            said = sentence.text
            if _LIKEWISE.search(said) and any(rank in said for rank in ranks):
                return replace(found, evidence=(Evidence(sentence), *found.evidence))
    return found
