"""Known questions → which answer a question asks for (``index/known/answering.safetensors``).

    python -m evals.training.answering [--out ANSWERING.safetensors] [--without CASES.jsonl …]

Learns from the shipped questions what `index.known.answering` tells: a layer of ReLU and a straight
way beside it, by cross-entropy over the answers known of the same document. Run it after
``python -m index.known`` and ``evals.training.metric``. A minute on one core.

``--without`` leaves out the questions of some files: the scorer's examples of these are made with
what was learnt so, since a network knows its own lessons by heart.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from assistant.service import Assistant
from assistant.settings import load_settings
from evals.case import load
from evals.training.known import asked_in
from index.known.answering import ANSWERING, Answering, key_of, read_by, write_answering
from index.known.metric import METRIC, Metric, read_metric
from index.known.questions import QUESTIONS, VECTORS, Entry, read_entries
from index.known.vectors import KeptVectors, read_vectors

_BETWEEN = 512
_DROPPED_BEFORE, _DROPPED_BETWEEN = 0.1, 0.3
_BATCH, _EPOCHS, _RATE, _DECAY = 256, 8, 2e-3, 1e-4
#: Vectors of unit length are so much longer while it learns, that its first steps are not idle.
_LONGER = 12.0
_NEVER = -30.0


@dataclass(frozen=True)
class Lessons:
    """Questions and their answers, n questions with a answers.

    Args:
        keys: the answers' names.
        documents: the document of each answer, int64 [a].
        read: what the network reads, float32 [n, d].
        answers: the answer of each question, int64 [n].
    """

    keys: tuple[bytes, ...]
    documents: Tensor
    read: Tensor
    answers: Tensor


def lessons(
    entries: Iterable[Entry], vectors: KeptVectors, metric: Metric, without: Collection[str]
) -> Lessons:
    """What there is to learn.

    Args:
        entries: the known questions.
        vectors: how the encoder reads them.
        metric: how they are compared.
        without: the questions to be left out.
    """
    entries = list(entries)
    names = sorted({entry.document for entry in entries})
    rows = [
        (text, n)
        for n, entry in enumerate(entries)
        for text in entry.questions
        if text in vectors and text not in without
    ]
    read = vectors.of([text for text, _ in rows])
    return Lessons(
        tuple(key_of(entry.document, entry.answers) for entry in entries),
        torch.tensor([names.index(entry.document) for entry in entries]),
        torch.from_numpy(read_by(read, metric(read))),
        torch.tensor([n for _, n in rows]),
    )


class Network(nn.Module):
    """What `Answering` computes, to be learnt."""

    def __init__(self, dimension: int, answers: int) -> None:
        super().__init__()
        self.inwards = nn.Linear(dimension, _BETWEEN)
        self.outwards = nn.Linear(_BETWEEN, answers)
        self.straight = nn.Linear(dimension, answers, bias=False)

    def forward(self, read: Tensor) -> Tensor:
        """Log-odds of each answer, [n, answers]."""
        read = read * _LONGER
        inside = nn.functional.dropout(read, _DROPPED_BEFORE, self.training)
        between = torch.relu(self.inwards(inside))
        between = nn.functional.dropout(between, _DROPPED_BETWEEN, self.training)
        odds: Tensor = self.outwards(between) + self.straight(read)
        return odds

    def learnt(self, keys: Sequence[bytes]) -> Answering:
        """What was learnt, of the answers *keys*."""
        parts = (
            self.inwards.weight * _LONGER,
            self.inwards.bias,
            self.outwards.weight,
            self.straight.weight * _LONGER,
            self.outwards.bias,
        )
        rows = {key: n for n, key in enumerate(keys)}
        return Answering(rows, *(part.detach().numpy() for part in parts))


def learn(taught: Lessons, seed: int = 0) -> Answering:
    """The network that tells a question's answer from the others of its document."""
    torch.manual_seed(seed)
    network = Network(taught.read.shape[1], len(taught.keys))
    optimiser = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=_DECAY)
    steps = max(1, len(taught.read) // _BATCH)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps * _EPOCHS)
    for epoch in range(_EPOCHS):
        order = torch.randperm(len(taught.read))
        for some in order.tensor_split(steps):
            own = taught.answers[some]
            others = taught.documents[own][:, None] != taught.documents[None]
            odds = network(taught.read[some]).masked_fill(others, _NEVER)
            loss = nn.functional.cross_entropy(odds, own)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            rate.step()
        print(f"{epoch + 1}/{_EPOCHS} loss {loss.item():.3f}", flush=True)
    network.eval()
    return network.learnt(taught.keys)


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--without", type=Path, nargs="+", default=[], metavar="CASES")
    parser.add_argument("--metric", type=Path, default=METRIC, help="of evals.training.metric")
    parser.add_argument("--out", type=Path, default=ANSWERING)
    given = parser.parse_args()
    torch.set_num_threads(1)
    assistant = Assistant.open(load_settings())
    reader = assistant.index.embeddings.reader
    vectors, metric = read_vectors(VECTORS, reader), read_metric(given.metric, reader)
    if vectors is None or metric is None:
        raise SystemExit("vectors or metric are another encoder's: see docs/evaluation.md")
    own = {asked_in(case, assistant) for case in load(given.without)} - {None}
    taught = lessons(read_entries(QUESTIONS), vectors, metric, {str(text) for text in own})
    write_answering(given.out, reader, learn(taught))
    print(f"{len(taught.keys)} answers, {len(taught.answers)} questions")


if __name__ == "__main__":
    main()
