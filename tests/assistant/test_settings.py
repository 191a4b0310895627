"""Settings that cannot be: told in Chinese, by the variable's name, with what it has to be."""

import re

import pytest

from assistant.errors import SettingsError
from assistant.settings import load_settings

MODEL = {"ANZE_LLM_BASE_URL": "http://127.0.0.1:9/v1", "ANZE_LLM_MODEL": "m"}


@pytest.mark.parametrize(
    ("name", "values", "wanted"),
    [
        ("ANZE_PORT", ["http", "0", "99999", "80.5", ""], "不小于 1、不大于 65535 的整数"),
        ("ANZE_AUDIT_DAYS", ["半年", "0", "1e9"], "不小于 1、不大于 36500 的整数"),
        ("ANZE_THREADS", ["two", "-1"], "不小于 0 的整数"),
        ("ANZE_LLM_TIMEOUT", ["20秒", "0", "601", "nan"], "大于 0、不大于 600 的数"),
        ("ANZE_LLM_CALLS", ["x", "0", "9999"], "不小于 1、不大于 1000 的整数"),
        ("ANZE_LLM_SCHEMA", ["maybe", ""], "true 或 false"),
        ("ANZE_LLM_FOLLOW_UPS", ["yes"], "off、refused、always 之一"),
        ("ANZE_LLM_EXPAND", ["on"], "off、refused、always 之一"),
    ],
)
def test_a_value_that_cannot_be_is_told_in_chinese_with_what_it_must_be(name, values, wanted):
    for value in values:
        with pytest.raises(SettingsError) as told:
            load_settings(MODEL | {name: value})
        sentence = str(told.value)
        assert sentence.startswith(f"环境变量 {name} 的值不对：应是{wanted}。")
        assert "取消这个设置" in sentence
        assert not re.search(r"[A-Za-z]{3,} [a-z]{2,}", sentence), sentence


@pytest.mark.parametrize("alone", sorted(MODEL))
def test_a_language_model_without_its_name_or_address_is_told(alone):
    with pytest.raises(SettingsError, match="要么都设置，要么都不设置"):
        load_settings({alone: MODEL[alone]})


def test_an_unknown_setting_is_told_with_those_that_there_are():
    with pytest.raises(SettingsError, match=r"ANZE_PROT.*ANZE_PORT"):
        load_settings({"ANZE_PROT": "8000"})
