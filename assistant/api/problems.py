"""Errors over HTTP: RFC 9457 problem details, with a plain Chinese sentence and the field at fault.

Nothing that was asked is written to the log: a question may hold a person's data.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from assistant.errors import (
    AnzeError,
    AuditUnavailable,
    BadQuestion,
    IndexBusy,
    IndexUnavailable,
    NotFound,
    TooManyRequests,
)
from assistant.models import Model

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger(__name__)

_TITLES = {
    400: "请求无法理解",
    401: "需要访问密钥",
    403: "不允许",
    404: "没有找到",
    405: "不支持这种请求方法",
    413: "请求太大",
    415: "内容类型不对",
    422: "输入有误",
    429: "请求太频繁",
    500: "服务器内部出错",
    503: "暂时不能服务",
}
_DETAILS = {
    400: "请求无法读取，请检查格式和编码（UTF-8）。",
    401: "请在 Authorization: Bearer 或 X-API-Key 中给出有效的访问密钥。",
    403: "这个访问密钥不能使用这项功能。",
    404: "没有这个地址。",
    405: "这个地址不支持这种请求方法。",
    413: "请求内容超过 256 KB，请缩短后再试。",
    415: "请求体应是 JSON，请把 Content-Type 设为 application/json。",
    500: "服务器内部出错，已记入日志。请稍后再试。",
}
_CHAT_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_CHAT_CODES = {401: "invalid_api_key", 429: "rate_limit_exceeded"}
#: What is wrong with the body as a whole, whatever it holds.
_OF_THE_BODY = frozenset({413, 415})
#: What each kind of fault is called; ``{field}`` and the validator's own limits are filled in.
_FAULTS = {
    "missing": "缺少 {field}。",
    "extra_forbidden": "不认识的字段 {field}。",
    "json_invalid": "请求体不是正确的 JSON。",
    "bool_type": "{field} 应是 true 或 false。",
    "string_type": "{field} 应是文字。",
    "string_unicode": "{field} 含有无法识别的字符。",
    "string_too_short": "{field} 不能为空。",
    "string_too_long": "{field} 太长，最多 {max_length} 个字。",
    "too_long": "{field} 太长，最多 {max_length} 条。",
    "too_short": "{field} 不能是空的列表。",
    "literal_error": "{field} 只能是 {expected}。",
    "int_type": "{field} 应是整数。",
    "int_parsing": "{field} 应是整数。",
    "int_from_float": "{field} 应是整数。",
    "greater_than_equal": "{field} 不能小于 {ge}。",
    "less_than_equal": "{field} 不能大于 {le}。",
    "date_type": "{field} 应是 2026-11-21 这样的日期。",
    "date_parsing": "{field} 应是 2026-11-21 这样的日期。",
    "date_from_datetime_parsing": "{field} 应是 2026-11-21 这样的日期。",
    "date_from_datetime_inexact": "{field} 应是 2026-11-21 这样的日期。",
    "tuple_type": "{field} 应是列表。",
    "list_type": "{field} 应是列表。",
    "model_type": "{field} 应是 JSON 对象。",
    "model_attributes_type": "{field} 应是 JSON 对象。",
    "int_from_bool": "{field} 应是整数。",
    "float_type": "{field} 应是数。",
    "finite_number": "{field} 应是数。",
    "dict_type": "{field} 应是 JSON 对象。",
    "only_text": "{field} 应是文字：这里不读图片、音频和文件，请把内容写成文字。",
    "nul_character": "{field} 含有空字符（NUL），请去掉后再试。",
}


class Problem(Model):
    """Problem details; ``field`` names the first of the faults listed in ``errors``."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    field: str | None = None
    errors: tuple[dict[str, str], ...] = ()


class ChatError(Model):
    """A fault as chat clients of the OpenAI shape read it."""

    message: str
    type: str
    param: str | None
    code: str | None


class ChatProblem(Problem):
    """Problem details of an address below ``/v1/``."""

    error: ChatError


_NUMBER: dict[str, Any] = {"schema": {"type": "integer", "minimum": 0}}
#: What a fault says in its headers.
_TOLD: dict[str, dict[str, Any]] = {
    "401": {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}},
    "429": {
        "Retry-After": {**_NUMBER, "required": True, "description": "多少秒以后可以再来"},
        **{f"RateLimit-{name}": _NUMBER for name in ("Limit", "Remaining", "Reset")},
    },
}


def _documented(*, for_chat: bool = False) -> dict[int | str, dict[str, Any]]:
    schema = Problem.model_json_schema()
    if for_chat:  # written out: a reference would not be found inside the whole document
        schema["properties"]["error"] = ChatError.model_json_schema()
        schema["required"].append("error")
    content = {MEDIA_TYPE: {"schema": schema}}
    kinds = {**{str(status): _TITLES[status] for status in (401, 403, 429, 503)}, "4XX": "请求有误"}
    return {
        status: {"description": said, "content": content, "headers": _TOLD.get(status, {})}
        for status, said in kinds.items()
    }


#: For a route's ``responses``: what the OpenAPI document says about faults.
DOCUMENTED = _documented()
DOCUMENTED_CHAT = _documented(for_chat=True)


def problem(
    status: int,
    detail: str | None = None,
    faults: Iterable[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """The response that tells of a fault.

    Args:
        status: the HTTP status.
        detail: a sentence for the reader; the customary one of the status where None.
        faults: pairs of field and sentence.
        headers: further headers, such as ``Allow``.
    """
    detail = detail or _DETAILS.get(status, "请求没有成功。")
    if status in _OF_THE_BODY:
        faults = [("body", detail)]
    errors = tuple({"field": field, "message": message} for field, message in faults)
    body = Problem(
        title=_TITLES.get(status, "请求没有成功"),
        status=status,
        detail=detail,
        field=errors[0]["field"] if errors else None,
        errors=errors,
    )
    return ProblemResponse(body, headers)


class ProblemResponse(Response):
    """Problem details; below ``/v1/`` with the member that chat clients look for.

    Args:
        problem: what is told.
        headers: further headers.
    """

    media_type = MEDIA_TYPE

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        self.problem = problem
        super().__init__(_json(problem), problem.status, dict(headers or {}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path", "").startswith("/v1/"):
            self.body = _json(chat_problem(self.problem, scope["path"]))
            self.headers["content-length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


def _json(problem: Problem) -> bytes:
    """Without what is not said; a chat client's member has all its keys."""
    said = problem.model_dump(exclude_none=True)
    if isinstance(problem, ChatProblem):
        said["error"] = problem.error.model_dump()
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def chat_problem(problem: Problem, path: str) -> ChatProblem:
    """*problem* at *path* as chat clients read it."""
    is_model = problem.status == 404 and path.startswith(("/v1/chat/completions", "/v1/models/"))
    kind = "server_error" if problem.status >= 500 else "invalid_request_error"
    error = ChatError(
        message=problem.detail,
        type=_CHAT_TYPES.get(problem.status, kind),
        param="model" if is_model else problem.field,
        code="model_not_found" if is_model else _CHAT_CODES.get(problem.status),
    )
    return ChatProblem(**dict(problem), error=error)


def add_problem_handlers(app: FastAPI) -> None:
    """Let every fault inside *app* end as problem details."""
    app.add_exception_handler(AnzeError, _on_own_error)
    app.add_exception_handler(RequestValidationError, _on_bad_request)
    app.add_exception_handler(HTTPException, _on_http_error)


def unexpected(error: Exception) -> ProblemResponse:
    """The response to a fault nobody foresaw; the log gets where it happened, not its words."""
    log_fault(_LOG, error)
    return problem(500)


def problem_of(error: Exception) -> Problem:
    """What is told of *error* where the status of the reply can no longer be chosen."""
    response = _of_own_error(error) if isinstance(error, AnzeError) else unexpected(error)
    return response.problem


def log_fault(log: logging.Logger, error: Exception) -> None:
    """Log the kind and place of *error* without its message, which may quote a question."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s\n%s", type(error).__name__, frames)


def nul_fault(*place: str | int) -> dict[str, Any]:
    """A validation fault: the text at *place* holds a NUL character."""
    return {"type": "nul_character", "loc": place, "msg": "NUL", "input": None}


def _on_own_error(request: Request, error: Exception) -> Response:
    if isinstance(error, BadQuestion) and error.field == "question" and "q" in request.query_params:
        return problem(422, str(error), [("q", str(error))])
    return _of_own_error(error)


def _of_own_error(error: Exception) -> ProblemResponse:
    if isinstance(error, BadQuestion):
        return problem(422, str(error), [(error.field, str(error))])
    if isinstance(error, NotFound):
        return problem(404, str(error))
    if isinstance(error, TooManyRequests):
        return problem(429, str(error), headers=error.headers)
    if isinstance(error, IndexUnavailable | IndexBusy | AuditUnavailable):
        return problem(503, str(error))
    return unexpected(error)


def _on_bad_request(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    told = faults(error.errors())
    status = 400 if any(fault["type"] == "json_invalid" for fault in error.errors()) else 422
    return problem(status, "".join(message for _, message in told), told)


def faults(errors: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Field and sentence of each of a validator's *errors*, places without their first step."""
    return [_fault(error) for error in errors]


def _on_http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    unread = [("body", _DETAILS[400])] if error.status_code == 400 else []
    return problem(error.status_code, faults=unread, headers=error.headers)


def _fault(fault: Mapping[str, Any]) -> tuple[str, str]:
    field = "body" if fault["type"] == "json_invalid" else _field_name(fault["loc"])
    sentence = _FAULTS.get(fault["type"], "{field} 的值不对。")
    limits = {key: _chinese(value) for key, value in fault.get("ctx", {}).items()}
    return field, sentence.format_map({**limits, "field": field})


def _field_name(place: Iterable[str | int]) -> str:
    """``("body", "history", 0, "role")`` as ``history[0].role``."""
    _, *steps = place
    name = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return name.removeprefix(".") or "body"


def _chinese(value: object) -> str:
    return str(value).replace(" or ", " 或 ")
