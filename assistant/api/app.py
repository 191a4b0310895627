"""The API as an application of its own; `ui.app` adds the page to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI

from assistant.api import feedback, metrics, openai, rest, stream
from assistant.api.guard import Guard
from assistant.api.mcp import Agents
from assistant.api.measuring import Measured
from assistant.api.problems import add_problem_handlers
from assistant.audit.log import AuditLog
from assistant.desk import Desk
from assistant.errors import SettingsError
from assistant.service import Assistant
from assistant.settings import Settings, load_settings


def create_app(assistant: Assistant | None = None, settings: Settings | None = None) -> FastAPI:
    """The API; the index is opened here, so that a damaged one is seen at start.

    Raises:
        SettingsError: the server would listen to other machines, which needs keys.
        IndexUnavailable: there is no index, or it is damaged.
        AuditUnavailable: the audit log cannot be written.
    """
    settings = settings or (assistant.settings if assistant else load_settings())
    _check_host(settings)
    app = FastAPI(
        title="安责",
        description="有出处的安全生产责任问答。",
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_running(agents := Agents()),
    )
    log = _open_log(settings)
    desk = Desk(assistant or Assistant.open(settings), log)
    app.state.desk = desk
    app.add_middleware(Guard, host=settings.host)
    app.add_middleware(Measured, metrics=desk.metrics)
    add_problem_handlers(app)
    doors = (rest.router, stream.router, openai.router)
    for router in (*doors, feedback.router, metrics.router):
        app.include_router(router())
    app.router.routes.append(agents.route())
    return app


def _running(agents: Agents) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What runs as long as the application does."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with agents.running():
            yield

    return lifespan


def _open_log(settings: Settings) -> AuditLog | None:
    """The audit log, what is too old deleted; a log that cannot be written is seen at start."""
    log = AuditLog.open(settings)
    if log is not None:
        log.expire()
    return log


def _check_host(settings: Settings) -> None:
    if not settings.is_loopback:
        raise SettingsError(
            f"不能在 {settings.host} 上监听：对其他机器开放需要访问密钥，本版本还没有这项功能。"
            "请把 ANZE_HOST 设为 127.0.0.1，只在本机使用。"
        )
