"""Training questions → how questions are compared (``index/known/metric.safetensors``).

    python -m evals.training.metric [--half K] [--out METRIC.safetensors] CASES.jsonl …

Each file is of one writer. A question is drawn, and all others that *other* writers asked of the
same document vote for their answers, e to the cosine over `_WIDTH` each; the loss is minus the
logarithm of the share for the right answer (neighbourhood components analysis: Goldberger et al.,
NIPS 2004). That a document does not say is an answer like any other. Questions that share a part of
the answer are neither right nor wrong. The encoder stays as it is: its vectors come from the file
that ``python -m index.known`` made, and what is learnt is what `index.known.metric` tells.

``--half K`` learns from every other file only, in the order of their names: the scorer's examples
of the other files are made with it (``evals.training.examples --metric``), since a metric makes its
own lessons look easier than they are.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from assistant.service import Assistant
from assistant.settings import load_settings
from evals.case import load, shipped_files
from evals.training.known import Lines, asked_in, lines
from index.known.metric import METRIC, Metric, write_metric
from index.known.questions import VECTORS
from index.known.vectors import KeptVectors, read_vectors

_WIDTH = 0.05
_BETWEEN = 1024
_DROPPED = 0.2
_BATCH, _EPOCHS, _RATE, _DECAY = 256, 6, 1e-3, 0.01
_NONE = -1e4


@dataclass(frozen=True)
class Asked:
    """The questions of one document, n of them with a answers.

    Args:
        vectors: as the encoder reads them, float32 [n, d].
        writers: who asked, int64 [n].
        answers: which answer each has, int64 [n].
        overlap: whether two answers share a part, bool [a, a].
    """

    vectors: Tensor
    writers: Tensor
    answers: Tensor
    overlap: Tensor


def asked_of_documents(by_writer: Sequence[Lines], vectors: KeptVectors) -> Iterator[Asked]:
    """What the writers asked, document by document; questions without a vector are left out."""
    names = sorted({document for found in by_writer for document, _ in found})
    for name in names:
        rows = [
            (text, writer, answer)
            for writer, found in enumerate(by_writer)
            for (document, answer), texts in found.items()
            for text in texts
            if document == name and text in vectors
        ]
        if len(rows) > 1:
            number = {answer: n for n, answer in enumerate(dict.fromkeys(row[2] for row in rows))}
            yield Asked(
                torch.from_numpy(vectors.of([text for text, *_ in rows])),
                torch.tensor([writer for _, writer, _ in rows]),
                torch.tensor([number[answer] for *_, answer in rows]),
                _overlap(list(number)),
            )


def _overlap(answers: Sequence[tuple[tuple[str, ...], ...]]) -> Tensor:
    of: dict[str, list[int]] = {}
    for n, answer in enumerate(answers):
        for words in {words for part in answer for words in part}:
            of.setdefault(words, []).append(n)
    table = torch.zeros(len(answers), len(answers), dtype=torch.bool)
    for some in of.values():
        for n in some:
            table[n, some] = True
    return table


class Change(nn.Module):
    """What `Metric` computes, to be learnt; at first it changes nothing."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.straight = nn.Parameter(torch.eye(dimension))
        self.shift = nn.Parameter(torch.zeros(dimension))
        self.inwards = nn.Parameter(torch.randn(_BETWEEN, dimension) / math.sqrt(dimension))
        self.outwards = nn.Parameter(torch.zeros(dimension, _BETWEEN))

    def forward(self, vectors: Tensor) -> Tensor:
        """Unit vectors in the place of *vectors*, [n, d]."""
        between = torch.relu(vectors @ self.inwards.T)
        between = nn.functional.dropout(between, _DROPPED, self.training)
        changed = vectors @ self.straight.T - self.shift + between @ self.outwards.T
        return nn.functional.normalize(changed, dim=-1)

    def metric(self) -> Metric:
        """What was learnt."""
        parts = (self.straight, self.shift, self.inwards, self.outwards)
        return Metric(*(part.detach().numpy() for part in parts))


def loss_of(asked: Asked, change: Change) -> Tensor:
    """The mean loss of some questions of a document against all others of it."""
    some = torch.randperm(len(asked.vectors))[:_BATCH]
    changed = change(asked.vectors)
    votes = changed[some] @ changed.T / _WIDTH
    own = asked.answers[some]
    same = own[:, None] == asked.answers[None]
    others = asked.writers[some][:, None] != asked.writers[None]
    counted = others & (same | ~asked.overlap[own][:, asked.answers])
    right = others & same
    won = votes.masked_fill(~right, _NONE).logsumexp(1)
    loss: Tensor = (votes.masked_fill(~counted, _NONE).logsumexp(1) - won)[right.any(1)].mean()
    return loss


def learn(documents: Sequence[Asked], seed: int = 0) -> Metric:
    """The change under which questions of one answer are nearest to each other."""
    torch.manual_seed(seed)
    change = Change(documents[0].vectors.shape[1])
    optimiser = torch.optim.AdamW(change.parameters(), lr=_RATE, weight_decay=_DECAY)
    steps = [d for d in documents for _ in range(max(1, len(d.vectors) // _BATCH))]
    total, done = len(steps) * _EPOCHS, 0
    for epoch in range(_EPOCHS):
        for asked in random.Random(seed + epoch).sample(steps, len(steps)):
            for group in optimiser.param_groups:
                group["lr"] = _RATE * 0.5 * (1 + math.cos(math.pi * done / total))
            loss = loss_of(asked, change)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            done += 1
        print(f"{epoch + 1}/{_EPOCHS} loss {loss.item():.3f}", flush=True)
    change.eval()
    return change.metric()


def shares(documents: Sequence[Asked], writers: Sequence[int], metric: Metric | None) -> list[bool]:
    """Whether the question nearest to each of the *writers*' has its answer."""
    hits = []
    for asked in documents:
        read = asked.vectors.numpy()
        vectors = metric(read) if metric else read
        for n in np.flatnonzero(np.isin(asked.writers.numpy(), writers)):
            alike = vectors @ vectors[n]
            alike[asked.writers.numpy() == asked.writers[n].item()] = -1
            hits.append(bool(asked.answers[int(alike.argmax())] == asked.answers[n]))
    return hits


def main() -> None:
    """Learn and write; with ``--half`` also tell what the other half gains."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", type=Path, nargs="+", help="a file a writer")
    parser.add_argument("--half", type=int, choices=(0, 1), help="learn from these files only")
    parser.add_argument("--out", type=Path, default=METRIC)
    given = parser.parse_args()
    torch.set_num_threads(1)
    assistant = Assistant.open(load_settings())
    reader = assistant.index.embeddings.reader
    vectors = read_vectors(VECTORS, reader)
    if vectors is None:
        raise SystemExit("the vectors are another encoder's: run python -m index.known")
    measured = {asked_in(case, assistant) for case in load(shipped_files())}
    paths = sorted(given.cases)
    by_writer = [lines(load([path]), assistant, measured) for path in paths]
    learnt = [f for n, f in enumerate(by_writer) if given.half is None or n % 2 == given.half]
    metric = learn(list(asked_of_documents(learnt, vectors)))
    write_metric(given.out, reader, metric)
    if given.half is not None:
        every = list(asked_of_documents(by_writer, vectors))
        others = [n for n in range(len(paths)) if n % 2 != given.half]
        for name, change in (("encoder", None), ("metric", metric)):
            hits = shares(every, others, change)
            print(f"{name}: nearest right {np.mean(hits):.4f} of {len(hits)} of the other half")


if __name__ == "__main__":
    main()
