"""The API as an application of its own; `ui.app` adds the page to it."""

from __future__ import annotations

from fastapi import FastAPI

from assistant.api.guard import Guard
from assistant.api.problems import add_problem_handlers
from assistant.api.registers import router as register_router
from assistant.api.rest import router
from assistant.desk import Desk
from assistant.errors import SettingsError
from assistant.service import Assistant
from assistant.settings import Settings, load_settings


def create_app(assistant: Assistant | None = None, settings: Settings | None = None) -> FastAPI:
    """The API; the index is opened here, so that a damaged one is seen at start.

    Raises:
        SettingsError: the server would listen to other machines, which needs keys.
        IndexUnavailable: there is no index, or it is damaged.
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
    )
    app.state.desk = Desk(assistant or Assistant.open(settings))
    app.add_middleware(Guard, host=settings.host)
    add_problem_handlers(app)
    app.include_router(router())
    app.include_router(register_router())
    return app


def _check_host(settings: Settings) -> None:
    if not settings.is_loopback:
        raise SettingsError(
            f"不能在 {settings.host} 上监听：对其他机器开放需要访问密钥，本版本还没有这项功能。"
            "请把 ANZE_HOST 设为 127.0.0.1，只在本机使用。"
        )
