"""Tune the encoder on labelled questions: low-rank changes to its layers, trained on the CPU.

    python -m evals.training.encoder MODEL_FOLDER ADAPTER.safetensors EXAMPLES.pickle …

Each question is matched with sentences token by token (MaxSim, as in `index.tokens`): the mean over
the question's tokens of the best cosine with a token of the sentence or of the headings above it.
The loss is a softmax over the right sentences and the wrong ones of the same place and of the other
questions in the batch; the pooled vectors learn beside it. Low-rank adaptation: Hu et al., LoRA,
ICLR 2022. The weights themselves stay as they are; the file holds the changes only.
"""

from __future__ import annotations

import argparse
import math
import pickle
import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import torch
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn

from evals.ranking import open_desk
from evals.training.lessons import Lesson, Passage, of_examples
from evals.training.statutes import held_out, of_questions, of_structure
from index.tokens import TokenIndex

RANK = 16
SCALE = 2.0
#: Titles of the laws that nothing is learnt from, a line each: the unseen cases are about them.
UNSEEN = Path(__file__).with_name("unseen-laws.txt")
_LAYERS = ("query", "key", "value", "dense")
#: Wrong passages a question has of its own in a batch.
_HARD = 2
#: Passages are read up to so many tokens; what is behind is not learnt from.
_LONGEST = 144
#: Texts of like length that the encoder reads at once.
_TOGETHER = 12
_TEMPERATURE = 0.04
_POOLED_TEMPERATURE = 0.03


class LowRank(nn.Module):
    """A linear layer with a change of rank `RANK` beside it.

    Args:
        plain: the layer; its weights are not trained.
    """

    def __init__(self, plain: nn.Linear) -> None:
        super().__init__()
        self.plain = plain
        self.down = nn.Parameter(torch.empty(RANK, plain.in_features, dtype=torch.float32))
        self.up = nn.Parameter(torch.zeros(plain.out_features, RANK, dtype=torch.float32))
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5))

    def forward(self, x: Tensor) -> Tensor:
        """The layer's output with the change added."""
        # Summed with the weights: beside them, the change would pass over the activations thrice.
        weight = self.plain.weight + SCALE * (self.up @ self.down)
        return nn.functional.linear(x, weight.to(x.dtype), self.plain.bias)


def adapt(model: nn.Module) -> dict[str, LowRank]:
    """Put a `LowRank` in the place of every linear layer of the encoder's blocks, by name."""
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    found = {
        name: module
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and name.rsplit(".", 1)[-1] in _LAYERS and "layer." in name
    }
    adapted = {}
    for name, module in found.items():
        parent = model.get_submodule(name.rpartition(".")[0])
        adapted[name] = LowRank(module)
        setattr(parent, name.rpartition(".")[2], adapted[name])
    return adapted


class Readings(NamedTuple):
    """A batch as the encoder reads it: n texts of t tokens, d numbers a vector.

    Args:
        tokens: centred unit vectors [n, t, d].
        counts: which tokens are the text's own, bool [n, t].
        spans: their places in the texts, [n, t, 2], in characters.
        pooled: one unit vector a text, [n, d].
    """

    tokens: Tensor
    counts: Tensor
    spans: Tensor
    pooled: Tensor


class Reader:
    """Reads texts with the model into centred token vectors and pooled vectors."""

    def __init__(self, model: SentenceTransformer, mean: Tensor) -> None:
        self._model = model
        self._mean = mean
        prompts = model.prompts
        passage = prompts.get("passage") or prompts.get("document") or ""
        self._prompts: tuple[str, str] = (prompts.get("query") or "", passage)
        self._encoder: nn.Module = model[0].model  # type: ignore[assignment]

    def read(self, texts: Sequence[str], *, questions: bool) -> Readings:
        """The texts as the encoder reads them, with the question's or the passage's prompt."""
        prompt = self._prompts[0 if questions else 1]
        marked = self._model.tokenizer(
            [f"{prompt}{text}" for text in texts],
            return_tensors="pt",
            padding=True,
            truncation=True,
            max_length=_LONGEST,
            return_offsets_mapping=True,
        )
        spans = marked["offset_mapping"] - len(prompt)
        out = self._encoded(marked["input_ids"], marked["attention_mask"])
        mask = marked["attention_mask"].unsqueeze(-1).float()
        pooled = nn.functional.normalize((out * mask).sum(1) / mask.sum(1), dim=-1)
        counts = (spans[..., 1] > spans[..., 0]) & (spans[..., 0] >= 0)
        tokens = nn.functional.normalize(nn.functional.normalize(out, dim=-1) - self._mean, dim=-1)
        return Readings(tokens, counts, spans, pooled)

    def _encoded(self, ids: Tensor, mask: Tensor) -> Tensor:
        """The last layer's output, [n, t, d]; texts of like length are read together."""
        lengths = mask.sum(1)
        order = lengths.argsort()
        parts = []
        for some in torch.split(order, _TOGETHER):
            longest = int(lengths[some].max())
            out = self._encoder(
                input_ids=ids[some, :longest], attention_mask=mask[some, :longest]
            ).last_hidden_state
            parts.append(nn.functional.pad(out, (0, 0, 0, ids.shape[1] - longest)))
        return torch.cat(parts)[order.argsort()].float()


def loss_of(
    batch: Sequence[Lesson], reader: Reader, rng: random.Random, pooled_weight: float
) -> Tensor:
    """The loss of some lessons, each question against all sentences of the batch."""
    chosen = [(rng.choice(lesson.right), *_some(lesson.wrong, rng)) for lesson in batch]
    passages = [passage for group in chosen for passage in group]
    asked = reader.read([b.question for b in batch], questions=True)
    read = reader.read([p.text for p in passages], questions=False)
    owner = [n for n, group in enumerate(chosen) for _ in group]
    firsts = [owner.index(n) for n in range(len(batch))]
    texts = [{passage.text for passage in lesson.right} for lesson in batch]
    words = asked.counts.sum(-1).clamp(min=1)
    scores, labels, barred = [], [], []
    for p, passage in enumerate(passages):
        real, spans = read.counts[p], read.spans[p]
        # [questions, question tokens, passage tokens]
        cosines = torch.einsum("qid,jd->qij", asked.tokens, read.tokens[p][real])
        starts, ends = spans[real][:, 0], spans[real][:, 1]
        around = cosines[..., starts < passage.words_from].amax(-1)
        is_first = p == firsts[owner[p]]
        # Another question's passage may answer this one, too: then it is neither right nor wrong.
        others = torch.tensor(
            [q != owner[p] and passage.text in known for q, known in enumerate(texts)]
        )
        for start, end, label in passage.stretches:
            inside = (starts < end) & (ends > start)
            if label == -1 or not inside.any():
                continue
            here = cosines[..., inside].amax(-1)
            both = 0.5 * (here + torch.maximum(here, around))
            scores.append((both * asked.counts).sum(-1) / words)
            own = torch.zeros(len(batch), dtype=torch.bool)
            own[owner[p]] = label == 1 and is_first
            labels.append(own)
            barred.append(others)
    table = torch.stack(scores, 1) / _TEMPERATURE
    table = table.masked_fill(torch.stack(barred, 1), -1e4)
    right = torch.stack(labels, 1)
    usable = right.any(1)
    late = (table.logsumexp(1) - table.masked_fill(~right, -1e4).logsumexp(1))[usable].mean()
    similar = asked.pooled @ read.pooled.T / _POOLED_TEMPERATURE
    same = torch.tensor([[passage.text in known for passage in passages] for known in texts])
    first = torch.tensor(firsts)
    same[torch.arange(len(batch)), first] = False
    similar = similar.masked_fill(same, -1e4)
    return late + pooled_weight * nn.functional.cross_entropy(similar, first)


def _some(passages: Sequence[Passage], rng: random.Random) -> list[Passage]:
    """A few of the wrong passages, the harder ones more often."""
    pool = list(passages)
    rng.shuffle(pool)
    return pool[:_HARD]


L = TypeVar("L")
#: What some lessons lose, as a reader reads them.
Loss = Callable[[Sequence[L], Reader, random.Random], Tensor]


def train(
    model: SentenceTransformer,
    learnt: Sequence[L],
    loss_of_some: Loss[L],
    mean: Tensor,
    *,
    epochs: float,
    batch: int,
    rate: float,
    seconds: float,
    start: dict[str, Tensor] | None = None,
    seed: int = 7,
) -> dict[str, Tensor]:
    """The changes, by layer: ``<name>.down`` [rank, in] and ``<name>.up`` [out, rank].

    With ``start``, earlier changes in the same form, the training goes on from them.
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    encoder: nn.Module = model[0].model  # type: ignore[assignment]
    encoder.to(torch.bfloat16)
    # PyTorch's fused attention is slow backwards on CPUs.
    encoder.set_attn_implementation("eager")  # type: ignore[operator]
    adapted = adapt(encoder)
    for name, layer in adapted.items():
        if start:
            layer.down.data.copy_(start[f"{name}.down"])
            layer.up.data.copy_(start[f"{name}.up"].float() / SCALE)
    reader = Reader(model, mean)
    parameters = [p for layer in adapted.values() for p in (layer.down, layer.up)]
    optimiser = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.01)
    total = int(epochs * len(learnt) / batch)
    model.train()
    started = time.time()
    order: list[int] = []
    running: list[float] = []
    for step in range(total):
        spent = (time.time() - started) / seconds
        done = max(step / total, spent)
        if done >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 20) * 0.5 * (1 + math.cos(math.pi * done))
        if len(order) < batch:
            order = rng.sample(range(len(learnt)), len(learnt))
        chosen, order = order[:batch], order[batch:]
        loss = loss_of_some([learnt[n] for n in chosen], reader, rng)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        running.append(loss.item())
        if step % 20 == 19:
            mean_loss = sum(running[-20:]) / 20
            print(
                f"{step + 1}/{total} loss {mean_loss:.3f} {time.time() - started:.0f}s", flush=True
            )
    changes = {}
    for name, layer in adapted.items():
        changes[f"{name}.down"] = layer.down.detach().half().contiguous()
        changes[f"{name}.up"] = (SCALE * layer.up.detach()).half().contiguous()
    return changes


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, help="the folder of the encoder as published")
    parser.add_argument("out", type=Path, help="where the changes go")
    parser.add_argument("examples", type=Path, nargs="*", help="of evals.training.examples")
    parser.add_argument("--tokens", type=Path, required=True, help="an index's tokens folder")
    parser.add_argument("--start", type=Path, help="earlier changes to go on from")
    parser.add_argument("--articles", type=Path, help="articles of law, as evals.ranking takes")
    parser.add_argument("--known", type=Path, help="questions with gold about those articles")
    parser.add_argument("--miner", type=Path, help="the encoder that finds the wrong articles")
    parser.add_argument("--cache", type=Path, default=Path("var/ranking"))
    parser.add_argument("--repeat", type=int, default=3, help="times a known question comes")
    parser.add_argument("--pairs", type=int, default=2000, help="lessons that structure makes")
    parser.add_argument("--epochs", type=float, default=2)
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--pooled", type=float, default=0.3, help="weight of the pooled vectors")
    parser.add_argument("--seconds", type=float, default=3000)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def _lessons(given: argparse.Namespace) -> list[Lesson]:
    """All that is learnt from, told by kind on the way."""
    learnt: list[Lesson] = []
    for path in given.examples:
        texts, found = pickle.loads(path.read_bytes())
        learnt.extend(of_examples(texts, found))
    print(f"{len(learnt)} of examples", flush=True)
    if given.articles:
        desk = open_desk(given.articles, given.known, given.miner or given.model, given.cache)
        asked, articles = desk.known.asked, desk.library.articles
        strange, others = held_out(asked, articles)
        seen = set(range(len(asked))) - strange - others
        known = list(of_questions(desk, seen))
        print(f"{len(known)} of known questions; kept out {len(strange)} + {len(others)}")
        barred = UNSEEN.read_text(encoding="utf-8").split()
        made = of_structure(articles, given.pairs, random.Random(0), barred)
        print(f"{len(made)} of structure", flush=True)
        learnt.extend(known * given.repeat)
        learnt.extend(made)
    return learnt


def main() -> None:
    """Train and write the changes."""
    given = _arguments()
    torch.set_num_threads(given.threads)
    learnt = _lessons(given)
    mean = torch.from_numpy(TokenIndex.open(given.tokens).mean.copy())
    model = SentenceTransformer(str(given.model), device="cpu", local_files_only=True)
    changes = train(
        model,
        learnt,
        partial(loss_of, pooled_weight=given.pooled),
        mean,
        epochs=given.epochs,
        batch=given.batch,
        rate=given.rate,
        seconds=given.seconds,
        start=load_file(given.start) if given.start else None,
    )
    save_file(changes, given.out)


if __name__ == "__main__":
    main()
