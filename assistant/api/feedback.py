"""What callers think of their answers."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from assistant.api.calling import AtDesk, Called
from assistant.api.problems import DOCUMENTED
from assistant.api.strict import strict_body
from assistant.models import Feedback, FeedbackReceipt


def router() -> APIRouter:
    """The one call."""
    api = APIRouter(responses=DOCUMENTED)
    api.post("/api/v1/feedback", dependencies=[Depends(strict_body(Feedback))])(feedback)
    return api


def feedback(feedback: Feedback, desk: AtDesk, caller: Called) -> FeedbackReceipt:
    """Say whether an answer helped. The reply comes when it is committed.

    A second feedback on the same answer replaces the first and keeps its id. An answer that
    another caller was given is as unknown as one that does not exist (404). Where answers are not
    recorded there is nothing to say it of (503).
    """
    return desk.judge(feedback, caller)
