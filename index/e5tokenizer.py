"""The tokenizer of multilingual-e5-small, cut to Chinese, ASCII, punctuation and signs.

A text whose normalised form stays within `ALPHABET` is split exactly as by the whole vocabulary,
because every piece that could occur in it is kept. Characters beyond it that no kept piece has
become `<unk>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)

from index.e5file import E5File, WeightsError

#: First and last code points: ASCII, general and CJK punctuation, signs, Han of all planes, emoji.
ALPHABET = (
    (0x21, 0x7E), (0xA1, 0xBF), (0xD7, 0xD7), (0xF7, 0xF7), (0x2010, 0x27BF), (0x2900, 0x2BFF),
    (0x3001, 0x303F), (0x3100, 0x312F), (0x31A0, 0x33FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF),
    (0xFE10, 0xFE6F), (0xFF01, 0xFF65), (0xFFE0, 0xFFEE), (0x1F000, 0x1FAFF), (0x20000, 0x3FFFF),
)  # fmt: skip
#: Pinyin and Greek, as single letters only: longer pieces with them belong to other languages.
LETTERS = "āáǎàēéěèīíǐìōóǒòūúǔùüńňǹαβγδεθλμπρστφχωΔΣΦΩ"
SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
METASPACE = "▁"
#: NFKC would turn ～ into ~, the file's table does not: while NFKC runs, a noncharacter stands in.
_WAVE, _STAND_IN = "～", "\ufdd0"
#: Where the normaliser is compared with the table, besides the pieces' own characters.
_COMPARED = ((0x3000, 0x32FE), (0x3300, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF),
             (0x20000, 0x2FA1F))  # fmt: skip


def kept_pieces(pieces: Sequence[str]) -> list[int]:
    """Ascending indices of the special pieces and of those that the alphabet can write."""
    letters = {chr(code) for first, last in ALPHABET for code in range(first, last + 1)}
    letters.add(METASPACE)
    whole = {*SPECIALS, *LETTERS, *(METASPACE + letter for letter in LETTERS)}
    return [
        index
        for index, piece in enumerate(pieces)
        if piece in whole or (piece != "<mask>" and letters.issuperset(piece))
    ]


def tokenizer_json(source: E5File, kept: Sequence[int]) -> str:
    """The content of `tokenizer.json`: normaliser, metaspace, unigram pieces, `<s> … </s>`.

    Raises:
        WeightsError: the normaliser does not do what the file's own table says.
    """
    vocabulary = [(source.pieces[index], source.scores[index]) for index in kept]
    unk = [piece for piece, _ in vocabulary].index("<unk>")
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=unk))
    tokenizer.add_special_tokens([AddedToken(name, special=True) for name in SPECIALS])
    tokenizer.normalizer = _normaliser(source)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(METASPACE, prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(METASPACE, prepend_scheme="always")
    ends = [(name, tokenizer.token_to_id(name)) for name in ("<s>", "</s>")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=ends
    )
    return str(tokenizer.to_str(pretty=False))


def _normaliser(source: E5File) -> normalizers.Normalizer:
    """The file's table as a chain: what it deletes, what it makes a space, and NFKC for the rest.

    Unlike the table, which looks at one character at a time, NFKC also joins a letter with the
    accent that follows it, as the model's original tokenizer did.
    """
    nothing = "".join(chr(code) for code, to in sorted(source.table.items()) if to == "")
    space = "".join(chr(code) for code, to in sorted(source.table.items()) if to == " ")
    chain = normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{re.escape(nothing)}]"), ""),
            normalizers.Replace(Regex(f"[{re.escape(space)}]"), " "),
            normalizers.Replace(_WAVE, _STAND_IN),
            normalizers.NFKC(),
            normalizers.Replace(_STAND_IN, _WAVE),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    wrong = [c for c in _compared(source) if chain.normalize_str(c) != source.normalised(c)]
    if wrong:
        shown = " ".join(f"U+{ord(character):04X}" for character in wrong[:8])
        raise WeightsError(f"分词器的规范化与权重文件不一致，共 {len(wrong)} 字：{shown}")
    return normalizers.Sequence([chain, normalizers.Strip()])


def _compared(source: E5File) -> Iterator[str]:
    """Every character to compare: the table's, the pieces', and the Chinese blocks."""
    characters = {chr(code) for code in source.table}
    characters.update(*source.pieces)
    for first, last in _COMPARED:
        characters.update(chr(code) for code in range(first, last + 1))
    return iter(sorted(characters))
