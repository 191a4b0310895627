"""What a language model may make of a follow-up: nothing that was not said."""

import pytest

from assistant.said import says_the_same

BEFORE = ["常州区委书记多久听一次安全汇报", "受到诫勉处理的6个月内能提拔吗"]


@pytest.fixture(scope="module")
def is_said(assistant):
    library, names = assistant.library(), assistant.understanding.names

    def check(whole, asked, before=BEFORE):
        return says_the_same(whole, asked, before, names, library)

    return check


@pytest.mark.parametrize(
    ("asked", "whole"),
    [
        ("那区长呢", "常州区长多久听一次安全汇报"),
        ("成都呢", "成都受到诫勉处理的6个月内能提拔吗"),
        ("第三十条呢", "常州第三十条受到诫勉处理的能提拔吗"),
        ("口头汇报行不行", "常州区委书记听安全汇报，口头汇报行不行"),
    ],
)
def test_a_question_of_what_was_said_may_be_asked(is_said, asked, whole):
    assert is_said(whole, asked)


@pytest.mark.parametrize(
    ("asked", "whole"),
    [
        ("那区长呢", "成都区长多久听一次安全汇报"),  # another place
        ("那区长呢", "区长多久听一次安全汇报，成都也一样吗"),
        ("成都呢", "常州区委书记多久听一次安全汇报"),  # the place that was asked of is gone
        ("那区长呢", "常州镇长多久听一次安全汇报"),  # another post
        ("多久", "常州受到免职处理的多久能提拔"),  # another sanction
        ("多久", "常州受到诫勉处理的24个月内能提拔吗"),  # another number
        ("第三十条呢", "常州第二十条说了什么"),  # another article
        ("那呢", "《安全生产法》里受到诫勉处理的能提拔吗"),  # another document
        ("那呢", "常州受到诫勉处理的6个月内不能提拔吗"),  # a negation
        ("那呢", "常州食堂的菜价由谁定"),  # other words
        ("多久要答复申诉人", "常州区委书记多久听一次安全汇报"),  # what was asked before
        ("罚多少呢", "受到诫勉处理的6个月内能提拔吗？罚多少呢"),  # both
        ("口头申诉行不行", "常州受到诫勉处理的能提拔吗"),  # what is asked is left out
    ],
)
def test_a_question_of_what_was_not_said_may_not(is_said, asked, whole):
    assert not is_said(whole, asked)


def test_the_place_is_that_of_the_last_turn_that_names_one(is_said):
    before = ["常州诫勉多久不得提拔", "成都诫勉多久不得提拔"]
    assert is_said("成都免职多久不得提拔", "免职呢", before)
    assert not is_said("常州免职多久不得提拔", "免职呢", before)
