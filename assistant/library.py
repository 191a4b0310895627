"""Looking things up in the edition: documents, provisions and their places, as models."""

from __future__ import annotations

from datetime import date

from assistant.errors import NotFound
from assistant.models import (
    DocumentList,
    DocumentRef,
    DocumentSummary,
    DocumentView,
    ProvisionView,
    TreeNode,
)
from index.address import Level
from index.known.questions import KnownQuestions
from index.provision import Audience, Document, Provision
from index.store import Index


class Library:
    """What one caller may read of an index.

    Args:
        index: the open index.
        audience: an internal reader sees everything; a public one only public documents, and
            the others do not exist for him.
        as_of: the day whose standing is shown.
        known: the questions known to have been asked; all that the index knows unless told.
    """

    def __init__(
        self,
        index: Index,
        audience: Audience,
        as_of: date,
        known: KnownQuestions | None = None,
    ) -> None:
        self.index = index
        self.as_of = as_of
        self._known = known
        self.documents = tuple(
            document
            for document in index.documents
            if audience is Audience.INTERNAL or document.metadata.audience is Audience.PUBLIC
        )
        self._by_id = {document.id: document for document in self.documents}

    @property
    def known(self) -> KnownQuestions:
        """What has been asked of the documents before."""
        return self.index.known if self._known is None else self._known

    def document(self, document_id: str) -> Document:
        """The document of that id.

        Raises:
            NotFound: there is none that this caller may read.
        """
        if document_id not in self._by_id:
            raise NotFound(f"没有编号为“{document_id}”的文件。")
        return self._by_id[document_id]

    def provision(self, provision_id: str) -> Provision:
        """The provision of that id.

        Raises:
            NotFound: there is none that this caller may read.
        """
        document = self._by_id.get(provision_id.partition("/")[0])
        found = document.by_id.get(provision_id) if document else None
        if found is None:
            raise NotFound(f"没有编号为“{provision_id}”的条款。")
        return found

    def ref(self, document_id: str) -> DocumentRef:
        """The document as citations name it."""
        metadata = self.document(document_id).metadata
        return DocumentRef(
            id=metadata.id,
            title=metadata.title,
            number=metadata.number,
            issuer=metadata.issuer,
            jurisdiction=metadata.jurisdiction,
            issued_on=metadata.issued_on,
            standing=metadata.standing_on(self.as_of),
            authority=metadata.authority,
        )

    def document_list(self) -> DocumentList:
        """All documents, in the edition's order."""
        return DocumentList(documents=tuple(self.summary(d) for d in self.documents))

    def summary(self, document: Document) -> DocumentSummary:
        """One document in a list."""
        metadata = document.metadata
        return DocumentSummary(
            **self.ref(document.id).model_dump(),
            effective_on=metadata.effective_on,
            expires_on=metadata.expires_on,
            standing_note=metadata.standing_note,
            aliases=metadata.aliases,
            provisions=len(document.provisions),
            characters=len(document.text),
        )

    def document_view(self, document_id: str) -> DocumentView:
        """One document with its text and tree."""
        document = self.document(document_id)
        tree = tuple(_tree(document, provision) for provision in document.roots())
        return DocumentView(**self.summary(document).model_dump(), text=document.text, tree=tree)

    def provision_view(self, provision_id: str) -> ProvisionView:
        """One provision in its place; previous and next are its neighbours on its level."""
        provision = self.provision(provision_id)
        document = self.document(provision.document_id)
        before, after = _neighbours(document, provision)
        return ProvisionView(
            provision_id=provision.id,
            address=str(provision.address),
            label=provision.label,
            heading=provision.heading,
            document=self.ref(document.id),
            heading_path=provision.heading_path,
            text=provision.text,
            start=provision.start,
            end=provision.end,
            parent=provision.parent,
            children=provision.children,
            previous=before,
            next=after,
        )


def _tree(document: Document, provision: Provision) -> TreeNode:
    return TreeNode(
        provision_id=provision.id,
        address=str(provision.address),
        label=provision.label,
        heading=provision.heading,
        label_start=provision.label_start,
        start=provision.start,
        end=provision.end,
        children=tuple(_tree(document, document.by_id[child]) for child in provision.children),
    )


def _neighbours(document: Document, provision: Provision) -> tuple[str | None, str | None]:
    """Ids of what stands before and after, as one reads on.

    Articles follow one another across chapters; anything else follows its siblings, and at
    their end what follows the provision above.
    """
    if provision.level is Level.ARTICLE:
        peers = [p.id for p in document.provisions if p.level is Level.ARTICLE]
    elif provision.parent is not None:
        peers = list(document.by_id[provision.parent].children)
    else:
        peers = [p.id for p in document.roots()]
    place = peers.index(provision.id)
    before = peers[place - 1] if place else None
    after = peers[place + 1] if place + 1 < len(peers) else None
    if provision.parent is None or provision.level is Level.ARTICLE or (before and after):
        return before, after
    above = _neighbours(document, document.by_id[provision.parent])
    return before or above[0], after or above[1]
