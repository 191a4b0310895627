"""What the page says: the same in both languages, each in its own."""

from __future__ import annotations

import re

from index.lexicon.offices import Offices
from ui.setting import MAX_OFFICE, office_choices, tidy_office
from ui.words import words_of

ZH, EN = words_of("zh"), words_of("en")
#: Words that stay as they are: names of programs and of keys, the other language's own name.
_FOREIGN = {"English", "Shift", "Ctrl", "Enter", "Esc", "Tab", "Word", "Markdown"}
_FIELD = re.compile(r"\{\w+\}")


def test_both_languages_say_the_same_things() -> None:
    assert set(ZH) == set(EN)


def test_what_is_filled_in_is_the_same_but_for_the_day() -> None:
    for key in set(ZH) - {"date"}:
        assert set(_FIELD.findall(ZH[key])) == set(_FIELD.findall(EN[key])), key


def test_chinese_words_hold_no_english() -> None:
    for key in ZH:
        latin = set(re.findall("[A-Za-z]{2,}", _FIELD.sub("", ZH[key])))
        assert latin <= _FOREIGN, key


def test_english_words_hold_no_chinese() -> None:
    chinese = {key for key in EN if re.search("[\u4e00-\u9fff]", EN[key])}
    # the placeholder shows what can be typed
    assert chinese <= {"title", "brand", "other_language", "script.lookup_placeholder"}


def test_every_office_offered_is_one_that_the_lexicon_knows() -> None:
    known = Offices.load()
    for label, office in office_choices(ZH):
        assert label == (office or "不限")
        assert not office or known.find(office), office
        assert len(office) <= MAX_OFFICE


def test_an_office_that_was_typed_fits_into_a_question() -> None:
    assert tidy_office("  镇长 ") == "镇长"
    assert tidy_office(None) == ""
    assert len(tidy_office("长" * 100)) == MAX_OFFICE


def test_the_word_for_none_left_in_the_field_is_no_part_of_the_office() -> None:
    for typed in ("不限分管副区长", "不限 分管副区长", "分管副区长不限", "Any分管副区长"):
        assert tidy_office(typed) == "分管副区长"
    assert tidy_office("不限") == tidy_office("Any") == ""
    assert tidy_office("company head") == "company head"
