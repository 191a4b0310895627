"""The same abilities for agents: Model Context Protocol over streamable HTTP, at ``/mcp``."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import Field, StrictInt, StrictStr, ValidationError
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from assistant.api.calling import caller_of, desk_of, reader_of
from assistant.api.problems import faults, nul_fault, problem_of
from assistant.desk import Door
from assistant.errors import AnzeError
from assistant.models import MAX_QUESTION, Answer, DocumentList, ProvisionView, SearchResults
from assistant.requests import question_of
from assistant.service import Reader

PATH = "/mcp"
_INSTRUCTIONS = (
    "有出处的安全生产责任问答：每句话都带所依据的条文原文。转述时请保留出处和效力提示；"
    "status 为 refused 时没有答案，不要自行补充。\n"
    "Answers on China's work-safety responsibility rules, each sentence with the exact words of "
    "the provision that carries it. Keep citations and notices when you pass an answer on; where "
    "status is refused there is no answer, so add none of your own. Texts are in Chinese."
)
_READS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)

Call = Context[Any, Request]
Words = Annotated[StrictStr, Field(min_length=1, max_length=MAX_QUESTION)]
Place = Annotated[
    StrictStr | None,
    Field(max_length=40, description="所在地方，如 常州市。The asker's place, in Chinese."),
]
Office = Annotated[
    StrictStr | None,
    Field(max_length=40, description="提问者的岗位，如 区委书记。The asker's office, in Chinese."),
]
Day = Annotated[
    StrictStr | None,
    Field(
        max_length=40,
        description="以哪一天为准，如 2026-11-21；不写即今天。The day the answer is to hold for.",
    ),
]


class Agents:
    """The ASGI application at ``/mcp``; every call stands by itself, so any worker can take it.

    Host and Origin are checked by the `Guard` in front of it, the one place that knows the names.
    """

    def __init__(self) -> None:
        self._server = make_server()

    def route(self) -> Route:
        """Where it is mounted: exactly there, for POST, since there is nothing to wait for."""
        return Route(PATH, endpoint=self, methods=["POST"])

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While the application runs; may be entered again once it was left."""
        self._server.streamable_http_app(
            streamable_http_path=PATH,
            json_response=True,
            stateless_http=True,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        async with self._server.session_manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._server.session_manager.handle_request(scope, receive, send)


class _Server(MCPServer[Any]):
    """Tells of a fault as the rest of the API does: a sentence in Chinese and nothing else."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        known = {tool.name: tool for tool in await self.list_tools()}
        if name not in known:
            raise ToolError(f"没有这个工具。可用的工具：{'、'.join(known)}。")
        _refuse_unknown(arguments, known[name].input_schema)
        try:
            _refuse_nul(arguments)
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            raise ToolError(_sentence(error)) from None


def _sentence(error: ToolError) -> str:
    cause = error.__cause__
    if isinstance(cause, ValidationError):
        errors = [{**fault, "loc": ("arguments", *fault["loc"])} for fault in cause.errors()]
        return "".join(said for _, said in faults(errors))
    if isinstance(error, UnexpectedToolError) and isinstance(cause, Exception):
        return problem_of(cause).detail
    return str(error)


def _refuse_unknown(arguments: dict[str, Any], schema: dict[str, Any]) -> None:
    """The library would leave them out without a word, and the answer be to something else."""
    possible = list(schema.get("properties", {}))
    if not arguments.keys() <= set(possible):
        raise ToolError(
            f"有这个工具没有的参数。可用的参数：{'、'.join(possible)}。"
            if possible
            else "这个工具没有参数，请去掉。"
        )


def _refuse_nul(arguments: dict[str, Any]) -> None:
    errors = [
        nul_fault("arguments", name)
        for name, value in arguments.items()
        if isinstance(value, str) and "\0" in value
    ]
    if errors:
        raise ToolError("".join(said for _, said in faults(errors)))


def make_server() -> MCPServer[Any]:
    """The server with its tools; what they may read depends on who calls."""
    logging.getLogger("mcp").setLevel(logging.WARNING)  # below that it quotes what was asked
    with _logging_as_it_is():
        server = _Server("anze", title="安责", instructions=_INSTRUCTIONS, version="1")
    for tool, title in (
        (ask, "提问"),
        (search, "查条文"),
        (get_provision, "读条文"),
        (list_documents, "收录文件"),
    ):
        server.tool(title=title, annotations=_READS)(tool)
    return server


@contextmanager
def _logging_as_it_is() -> Iterator[None]:
    """The library sets up the logging of the whole process when a server is made: undone."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


def ask(
    question: Words,
    call: Call,
    jurisdiction: Place = None,
    role: Office = None,
    as_of: Day = None,
) -> Answer:
    """回答安全生产责任方面的问题，每句话都附条文原文；文件里没有的会拒答并说明原因。

    Answers a question on work-safety duties, supervision, sanctions and procedures, each statement
    with its citation; refuses, with a reason, what the documents do not say.
    """
    request = _request(call)
    asked = question_of(question, jurisdiction, as_of, role=role)
    return desk_of(request).ask(asked, caller_of(request), Door.MCP)


def search(
    query: Words,
    call: Call,
    jurisdiction: Place = None,
    limit: Annotated[StrictInt, Field(ge=1, le=50)] = 10,
) -> SearchResults:
    """按条款号、文号、岗位或用语查条文，最相关的在前。

    Looks provisions up by address, document number, office or plain words, best first.
    """
    return _reader(call).search(query, jurisdiction, limit)


def get_provision(
    provision_id: Annotated[
        StrictStr,
        Field(min_length=1, max_length=MAX_QUESTION, description="如 changzhou-2018/20/i3"),
    ],
    call: Call,
) -> ProvisionView:
    """按编号读一条规定的全文，并给出上级、下级和前后条的编号。

    One provision in full by its id, with the ids of its parent, children and neighbours.
    """
    return _reader(call).provision(provision_id)


def list_documents(call: Call) -> DocumentList:
    """列出收录的文件及其效力。

    Lists the documents with their standing.
    """
    return _reader(call).documents()


def _reader(call: Call) -> Reader:
    request = _request(call)
    return reader_of(desk_of(request), caller_of(request))


def _request(call: Call) -> Request:
    """The HTTP request of a call: who calls is known by it."""
    request = call.request_context.request
    if request is None:
        raise AnzeError("这个工具只能通过 HTTP 使用。")
    return request
