"""How good the registers are: ``python -m evals.registers [FOLDER_OF_LAWS]``.

Compares with the gold table (`evals/registers.jsonl`) and prints precision and recall for its two
parts. The table was made from the records that the rules found, by reading them beside the texts
and putting right, adding and taking out; and the rules were written with these documents at hand.
Its figures therefore guard against going back; neither part measures unseen texts. A record counts
when it stands in the same provision, names the same bearer (or the same kinds of sanction), and
shares four fifths of its words. With a folder of laws it also prints how many records they give,
and how many are not an exact stretch of their provision (must be 0).
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from index.edition import SHIPPED, read_edition
from index.normalise import decode, normalise
from index.parse import parse
from index.provision import Document, Metadata
from index.register import Register, register_of

GOLD = Path(__file__).parent / "registers.jsonl"
LAWS = Path(__file__).resolve().parents[1].parent / "shared" / "laws"
#: Least share of the words, of the longer of two stretches, that they must have in common.
SHARED = 0.8


@dataclass(frozen=True)
class Row:
    """A record as it should be, or as it was found.

    Args:
        register: duties or sanctions.
        document, provision: where it stands; a law by the name of its file.
        who: the bearer, or the kinds of sanction, sorted and joined.
        text: its words.
    """

    register: str
    document: str
    provision: str
    who: str
    text: str

    @property
    def split(self) -> str:
        """tune or report, by the hash of the provision, so that its rows stay together."""
        digest = hashlib.sha256(f"{self.document} {self.provision}".encode()).digest()
        return "report" if digest[0] % 2 else "tune"

    def agrees_with(self, other: Row) -> bool:
        """Whether both are the same record."""
        same_place = (self.register, self.document, self.provision) == (
            other.register,
            other.document,
            other.provision,
        )
        return same_place and self.who == other.who and shared(self.text, other.text) >= SHARED


def shared(one: str, other: str) -> float:
    """The share of the longer text that stands in the other, 0 where neither holds the other."""
    short, long = sorted((one, other), key=len)
    return len(short) / len(long) if short and short in long else 0.0


def gold() -> list[Row]:
    """The rows of the gold table; a provision without records has one with an empty text."""
    return [Row(**json.loads(line)) for line in GOLD.read_text(encoding="utf-8").splitlines()]


def found(documents: Iterable[Document]) -> Iterator[Row]:
    """All records of *documents*, as rows."""
    for document in documents:
        yield from rows_of(document, register_of(document))


def rows_of(document: Document, register: Register) -> Iterator[Row]:
    """The records of one document, as rows."""
    for duty in register.duties:
        unit = duty.unit
        yield Row("duties", document.id, unit.provision.id, duty.bearer, unit.text)
    for sanction in register.sanctions:
        unit, kinds = sanction.unit, ",".join(sorted(sanction.kinds))
        yield Row("sanctions", document.id, unit.provision.id, kinds, unit.text)


def laws(folder: Path, names: Iterable[str] = ()) -> Iterator[Document]:
    """The laws below *folder*, each with its file's name as its id; only *names* where given."""
    wanted = set(names)
    for path in sorted(folder.rglob("*.md")):
        if path.stem == "README" or (wanted and path.stem not in wanted):
            continue
        text = normalise(decode(path.read_bytes())).text
        yield parse(Metadata(id=path.stem, title=path.stem), text)


def score(expected: list[Row], records: list[Row]) -> tuple[int, int, int]:
    """How many rows were expected, how many found in their provisions, and how many agree."""
    places = {(row.register, row.document, row.provision) for row in expected}
    asked = [r for r in records if (r.register, r.document, r.provision) in places]
    expected = [row for row in expected if row.text]
    left, agreed = list(asked), 0
    for row in expected:
        match = next((r for r in left if row.agrees_with(r)), None)
        if match is not None:
            left.remove(match)
            agreed += 1
    return len(expected), len(asked), agreed


def inexact(documents: Iterable[Document]) -> tuple[int, int, int]:
    """How many duties, how many sanctions, and how many records are no stretch of their text."""
    duties = sanctions = wrong = 0
    for document in documents:
        register = register_of(document)
        duties += len(register.duties)
        sanctions += len(register.sanctions)
        units = [duty.unit for duty in register.duties]
        units += [unit for s in register.sanctions for unit in (s.unit, s.consequence)]
        for unit in units:
            text = document.by_id[unit.provision.id].text
            wrong += not unit.text or text[unit.start : unit.end] != unit.text
    return duties, sanctions, wrong


def main(folder: Path) -> int:
    """Print the figures; the exit status is 1 where a record is not exact."""
    rows = gold()
    shipped = read_edition(SHIPPED)
    outside = {row.document for row in rows} - {document.id for document in shipped}
    read = [*shipped, *(laws(folder, outside) if folder.is_dir() else ())]
    names = {document.id for document in read}
    records = list(found(read))
    for register in ("duties", "sanctions"):
        for split in ("tune", "report"):
            kept = [r for r in rows if (r.register, r.split) == (register, split)]
            n, m, agreed = score([r for r in kept if r.document in names], records)
            precision, recall = agreed / m if m else 1.0, agreed / n if n else 1.0
            print(f"{register:10}{split:8}gold {n:4}  found {m:4}  agree {agreed:4}", end="  ")
            print(f"precision {precision:.3f}  recall {recall:.3f}")
    if not folder.is_dir():
        print("没有法律文本的文件夹，只量了五份文件。")
        return 0
    started = perf_counter()
    duties, sanctions, wrong = inexact(laws(folder))
    seconds = perf_counter() - started
    print(f"laws: {duties} duties, {sanctions} sanctions, {wrong} not exact, {seconds:.1f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else LAWS))
