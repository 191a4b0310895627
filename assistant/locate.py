"""What people type for a provision → the provision: an id, or an address with a document's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.errors import NotFound
from assistant.library import Library
from index.address import Address, AddressError, Level, Step
from index.provision import Document, Provision


def locate(text: str, library: Library, among: Sequence[Document] | None = None) -> Provision:
    """The one provision that *text* means.

    Args:
        text: a provision id, or an address such as 常办〔2018〕30号第三十条, with the document's
            number, title, other name or place before it where several documents have it.
        library: what the caller may read.
        among: the documents to look in; None for all.

    Raises:
        NotFound: there is none, or several; the message says which documents have it.
    """
    if "/" in text and text.isascii():
        provision = library.provision(text)
        if among is not None and all(d.id != provision.document_id for d in among):
            raise NotFound(f"这里不查“{text}”所在的文件。")
        return provision
    try:
        address = Address.parse(text)
    except AddressError as error:
        raise NotFound(str(error)) from error
    documents = library.documents if among is None else among
    found = [p for d in documents if (p := _in_document(d, address)) is not None]
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFound(f"收录的文件里没有“{address}”。")
    titles = "、".join(library.document(p.document_id).metadata.title for p in found)
    raise NotFound(f"有几份文件都有“{address}”：{titles}。请在前面写上文件的文号或名称。")


def _in_document(document: Document, address: Address) -> Provision | None:
    left = _without_name(document, address.document)
    if left is None:
        return None
    headings = tuple(Step(Level.HEADING, name=part) for part in left.split("·") if part)
    return document.resolve(Address(headings + address.steps))


def _without_name(document: Document, name: str) -> str | None:
    """What of *name* is left when the document's own names are taken off; None if another's."""
    if not name:
        return ""
    for own in _own_names(document):
        if own == name:
            return ""
        if name.startswith(own):
            left = re.sub(r"^[的《》\s]+|[的《》\s]+$", "", name.removeprefix(own))
            return "" if left in document.metadata.title else left
    title = document.metadata.title
    if name in title:
        return ""
    return name if any(_heads(p, name) for p in document.provisions) else None


def _heads(provision: Provision, name: str) -> bool:
    letters = iter(provision.heading)
    return bool(provision.heading) and all(letter in letters for letter in name)


def _own_names(document: Document) -> Iterator[str]:
    metadata = document.metadata
    yield from (n for n in (metadata.number, metadata.id, metadata.title, *metadata.aliases) if n)
    yield re.sub(r"^中华人民共和国|（[^（）]*）$", "", metadata.title)
    if metadata.jurisdiction:
        yield metadata.jurisdiction
        yield re.sub("[市省区县]$", "", metadata.jurisdiction)


def resolve_in_question(document: Document, address: Address, before: str) -> Provision | None:
    """The provision that an address in a question means, headings before it counting.

    Args:
        document: where to look.
        address: what was typed, without a document.
        before: the question's words before the address (党委7项职责 before 第2项).
    """
    found = document.resolve(address)
    if found is not None:
        return found
    for part in reversed(re.split(r"[\s的，,《》]+", before)):
        for start in range(max(len(part) - 3, 0)):
            named = Step(Level.HEADING, name=part[start:])
            found = document.resolve(Address((named, *address.steps)))
            if found is not None:
                return found
    return None
