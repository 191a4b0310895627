"""The API as an application of its own; `ui.app` adds the page to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI

from assistant.access import Access
from assistant.api import feedback, metrics, openai, registers, rest, stream
from assistant.api.auth import OPEN_PATHS, Auth
from assistant.api.described import describe_keys
from assistant.api.guard import Guard
from assistant.api.mcp import Agents
from assistant.api.measuring import Measured
from assistant.api.problems import add_problem_handlers
from assistant.api.throttle import Throttle
from assistant.audit.log import AuditLog
from assistant.desk import Desk
from assistant.rates import Rates
from assistant.service import Assistant
from assistant.settings import Settings, load_settings


def create_app(assistant: Assistant | None = None, settings: Settings | None = None) -> FastAPI:
    """The API; the index is opened here, so that a damaged one is seen at start.

    Raises:
        SettingsError: the server would listen to other machines without keys; the file of keys,
            the folder of data or a rate is not as it must be.
        IndexUnavailable: there is no index, or it is damaged.
        AuditUnavailable: the audit log cannot be written.
    """
    settings = settings or (assistant.settings if assistant else load_settings())
    access = Access.open(settings)
    rates = Rates(settings.rate, settings.rate_storage)
    app = FastAPI(
        title="安责",
        description="有出处的安全生产责任问答。",
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_running(agents := Agents()),
    )
    desk = Desk(assistant or Assistant.open(settings), _open_log(settings), rates)
    app.state.desk = desk
    app.state.access = access
    app.state.rates = rates
    app.state.open_paths = OPEN_PATHS
    # the last one added is the outermost
    app.add_middleware(Throttle, rates=rates)
    app.add_middleware(Auth, access=access)
    app.add_middleware(Guard, names=settings.host_names)
    app.add_middleware(Measured, metrics=desk.metrics)
    add_problem_handlers(app)
    doors = (rest.router, registers.router, stream.router, openai.router)
    for router in (*doors, feedback.router, metrics.router):
        app.include_router(router())
    app.router.routes.append(agents.route())
    describe_keys(app, access)
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
