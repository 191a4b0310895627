"""What can go wrong with a language model, and what the asker is told then."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Why nothing, or not all, of an answer was written by the model."""

    UNREACHABLE = "unreachable"
    SLOW = "slow"
    BUSY = "busy"
    REJECTED = "rejected"
    MALFORMED = "malformed"
    EMPTY = "empty"
    ENDLESS = "endless"
    WRONG_LANGUAGE = "wrong_language"
    UNPROVEN = "unproven"
    RESTING = "resting"
    CROWDED = "crowded"

    @property
    def is_dead(self) -> bool:
        """Whether the next question had better not wait for the endpoint either."""
        return self in {Fault.UNREACHABLE, Fault.SLOW, Fault.BUSY, Fault.REJECTED}

    @property
    def is_useless(self) -> bool:
        """Whether there was a reply that is none; several in a row say that the next is, too."""
        return self in {Fault.MALFORMED, Fault.EMPTY, Fault.ENDLESS}

    @property
    def is_reply(self) -> bool:
        """Whether the model replied in form, whatever it said."""
        return self in {Fault.WRONG_LANGUAGE, Fault.UNPROVEN}

    def notice(self, *, partly: bool) -> str:
        """What the asker is told.

        Args:
            partly: whether some of the answer is the model's all the same.
        """
        return f"{_WHY[self]}，{'其余' if partly else '本次'}按法规原文作答。"


_WHY = {
    Fault.UNREACHABLE: "语言模型服务连接不上或中途断开",
    Fault.SLOW: "语言模型没有在限定时间内答完",
    Fault.BUSY: "语言模型服务繁忙",
    Fault.REJECTED: "语言模型服务拒绝了请求",
    Fault.MALFORMED: "语言模型的输出不完整或无法识别",
    Fault.EMPTY: "语言模型没有输出内容",
    Fault.ENDLESS: "语言模型的输出过长，已中止",
    Fault.WRONG_LANGUAGE: "语言模型没有用中文作答",
    Fault.UNPROVEN: "语言模型写的句子未能通过与原文的核对",
    Fault.RESTING: "语言模型服务刚出过故障，暂停使用",
    Fault.CROWDED: "语言模型正在回答其他问题",
}


class ModelFault(Exception):
    """The model gave nothing that can be used, or stopped giving.

    Args:
        fault: what kind.
        detail: for the log; holds neither the question nor a key.
    """

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault.value}: {detail}" if detail else fault.value)
        self.fault = fault
