"""What an answer says again of a question."""

import pytest

from assistant.echo import MOST, echoed


@pytest.mark.parametrize(
    "typed",
    [
        "《<script>alert(1)</script>》",
        "![看](https://evil.example/p.png)",
        "[第三十条](javascript:alert(1))",
        "常州\u202e诫勉\U000e0041\u200b",
        "[A7K2] {TOKEN} |a|b| `x`",
    ],
)
def test_no_markup_link_or_hidden_character_is_said_again(typed):
    said = echoed(typed)
    assert not set(said) & set("<>[]{}|`\u202e\u200b\U000e0041")
    assert "://" not in said
    assert "javascript:" not in said


@pytest.mark.parametrize(
    "typed", ["《江苏省实施细则（试行）》", "常办〔2019〕99号", "工资降多少？"]
)
def test_plain_words_are_said_again_as_they_were_typed(typed):
    assert echoed(typed) == typed


def test_a_flood_is_cut_short():
    assert len(echoed("免责" * 900)) == MOST + 1
