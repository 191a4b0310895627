"""The registers: who has to do what, and what is imposed in which case.

    register_of(document).duties      党委常委会每半年不少于1次，听取安全生产工作情况汇报
    register_of(document).sanctions   受到诫勉处理的，6个月内不得提拔或者重用

Every record is an exact stretch of a provision's text. Nothing here knows a document; the words
that lay duties and impose sanctions are data (`lexicon/duties.yaml`, `lexicon/imposed.yaml`).
"""

from __future__ import annotations

from dataclasses import dataclass

from index.duty_register import Duty, duties_of
from index.provision import Document
from index.sanction_register import Sanction, sanctions_of

__all__ = ["Duty", "Register", "Sanction", "register_of"]


@dataclass(frozen=True)
class Register:
    """The records of one document, in the order of its text."""

    duties: tuple[Duty, ...]
    sanctions: tuple[Sanction, ...]


def register_of(document: Document) -> Register:
    """The duties and sanctions that *document* holds."""
    sanctions = tuple(sanctions_of(document))
    return Register(tuple(duties_of(document, sanctions)), sanctions)
