"""The folder of multilingual-e5-small: tensors by transformers' names, and its JSON settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from index.e5file import E5File
from index.e5tokenizer import SPECIALS

#: `document` is there for sentence-transformers' own `encode_document`, which looks for it first.
PROMPTS = {"query": "query: ", "passage": "passage: ", "document": "passage: "}
#: The files that `settings` describes.
SETTINGS = (
    "config.json",
    "tokenizer_config.json",
    "modules.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
    "1_Pooling/config.json",
)

_LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def tensors(
    source: E5File,
    kept: Sequence[int],
    changes: Mapping[str, npt.NDArray[np.float16]] | None = None,
) -> dict[str, npt.NDArray[np.float16]]:
    """The network under the names of transformers' BertModel, float16.

    Args:
        source: the file of weights.
        kept: the pieces of the vocabulary that stay.
        changes: what training added, of low rank: ``<layer>.up`` [out, rank] times
            ``<layer>.down`` [rank, in] is added to the layer's weight.
    """
    width = source.sizes.hidden
    rows = np.array(kept, dtype=np.int64)
    network = {
        "embeddings.word_embeddings.weight": source.matrix("emb.word", width, rows),
        "embeddings.position_embeddings.weight": source.vector("emb.pos").reshape(-1, width),
        "embeddings.token_type_embeddings.weight": source.vector("emb.type").reshape(-1, width),
        "embeddings.LayerNorm.weight": source.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": source.vector("emb.ln.b"),
        # Never used and not in the file; without them the loader would invent some and warn.
        "pooler.dense.weight": np.zeros((width, width), dtype=np.float32),
        "pooler.dense.bias": np.zeros(width, dtype=np.float32),
    }
    for layer in range(source.sizes.layers):
        network |= _layer(source, layer)
    _change(network, changes or {})
    return {name: tensor.astype(np.float16) for name, tensor in network.items()}


def _change(
    network: dict[str, npt.NDArray[np.float32]], changes: Mapping[str, npt.NDArray[np.float16]]
) -> None:
    for name in changes:
        layer, _, part = name.rpartition(".")
        if part == "up":
            up, down = changes[name].astype(np.float32), changes[f"{layer}.down"]
            # not with @: what BLAS rounds to hangs on how many threads it uses
            change = np.einsum("ir,rj->ij", up, down.astype(np.float32), optimize=False)
            network[f"{layer}.weight"] = network[f"{layer}.weight"] + change


def _layer(source: E5File, layer: int) -> dict[str, npt.NDArray[np.float32]]:
    part = {}
    for theirs, ours in _LINEAR.items():
        columns = source.sizes.feed_forward if theirs == "fo" else source.sizes.hidden
        part[f"{ours}.weight"] = source.matrix(f"l{layer}.{theirs}.w", columns)
        part[f"{ours}.bias"] = source.vector(f"l{layer}.{theirs}.b")
    for theirs, ours in _NORMS.items():
        part[f"{ours}.weight"] = source.vector(f"l{layer}.{theirs}.w")
        part[f"{ours}.bias"] = source.vector(f"l{layer}.{theirs}.b")
    return {f"encoder.layer.{layer}.{name}": tensor for name, tensor in part.items()}


def settings(source: E5File, pieces: int) -> dict[str, object]:
    """The JSON files that transformers and sentence-transformers read, by name."""
    sizes = source.sizes
    contents = (
        _bert(source, pieces),
        _tokenizer_settings(sizes.positions),
        _modules(),
        {"max_seq_length": sizes.positions, "do_lower_case": False},
        {"prompts": PROMPTS, "default_prompt_name": None, "similarity_fn_name": "cosine"},
        {"embedding_dimension": sizes.hidden, "pooling_mode": "mean", "include_prompt": True},
    )
    return dict(zip(SETTINGS, contents, strict=True))


def _bert(source: E5File, pieces: int) -> dict[str, object]:
    sizes = source.sizes
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": pieces,
        "hidden_size": sizes.hidden,
        "num_hidden_layers": sizes.layers,
        "num_attention_heads": sizes.heads,
        "intermediate_size": sizes.feed_forward,
        "hidden_act": "gelu",
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": sizes.positions,
        "type_vocab_size": sizes.token_types,
        "pad_token_id": SPECIALS.index("<pad>"),
        "dtype": "float16",
    }


def _tokenizer_settings(positions: int) -> dict[str, object]:
    bos, pad, eos, unk = SPECIALS
    names = {"bos_token": bos, "cls_token": bos, "eos_token": eos, "sep_token": eos}
    names |= {"pad_token": pad, "unk_token": unk}
    return {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": positions, **names}


def _modules() -> list[dict[str, object]]:
    parts = {"Transformer": "", "Pooling": "1_Pooling", "Normalize": "2_Normalize"}
    return [
        {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{name}"}
        for n, (name, path) in enumerate(parts.items())
    ]
