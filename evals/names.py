"""What parts, kinds and styles of cases are called in a report; the code stays beside the name."""

from __future__ import annotations

from collections.abc import Mapping

from evals.run import Result

PART_NAMES: Mapping[str, str] = {"tune": "调试题", "report": "报告题"}
_KINDS: Mapping[str, str] = {
    "period": "期限",
    "condition": "情形",
    "frequency": "频次",
    "count": "数量",
    "money": "金额",
    "date": "日期",
    "who": "谁",
    "body": "哪个单位",
    "duty_list": "职责",
    "list": "列举",
    "procedure": "程序",
    "definition": "含义",
    "address": "条款号",
    "standing": "效力",
    "compare": "比较",
    "scenario": "情景",
    "yes_no": "是否",
    "false_premise": "前提有误",
    "half_covered": "只有一半",
    "fact": "其他事实",
    "refuse_field": "拒：别的领域",
    "refuse_near": "拒：貌似有",
    "refuse_place": "拒：别的地方",
    "refuse_person": "拒：个人信息",
    "refuse_address": "拒：没有这条",
    "refuse_opinion": "拒：要看法",
    "refuse_prompt": "拒：要提示词",
    "refuse_unclear": "拒：不清楚",
}
_STYLES: Mapping[str, str] = {
    "plain": "平常",
    "colloquial": "口语",
    "slip": "错字",
    "traditional": "繁体",
    "pinyin": "拼音",
    "english": "英文",
    "keyword": "关键词",
    "follow_up": "追问",
    "place_set": "已选地方",
}


def part_of(result: Result) -> tuple[str, ...]:
    """The part."""
    return (PART_NAMES[result.part],)


def kind_of(result: Result) -> tuple[str, ...]:
    """What is asked for."""
    return (_named(result.case.kind, _KINDS),)


def style_of(result: Result) -> tuple[str, ...]:
    """How it is typed."""
    return (_named(result.case.style, _STYLES),)


def _named(code: str, names: Mapping[str, str]) -> str:
    return f"{names[code]} {code}" if code in names else code
