"""Page and API in one application."""

from __future__ import annotations

import gradio as gr
from fastapi import FastAPI
from starlette.middleware import Middleware

from assistant.api.app import create_app
from assistant.api.auth import LOGIN
from assistant.desk import Desk
from assistant.settings import Settings, load_settings
from ui.door import Door
from ui.login import login_router
from ui.own_sessions import OwnSessions
from ui.page import build_page
from ui.partials import partials_router
from ui.reading import reader_router
from ui.saved import SavedFiles, saved_router
from ui.theme import ICON, files_router, make_theme, static_paths
from ui.words import LANGUAGES, words_of


def build_app_from_environment() -> FastAPI:
    """The application that the environment describes; what ``uvicorn --factory`` calls."""
    return build_app(load_settings())


def build_app(settings: Settings) -> FastAPI:
    """The page at ``/`` and the API, over the index that serves now.

    Raises:
        SettingsError: as `create_app`.
        IndexUnavailable: there is no index, or it is damaged.
    """
    return add_page(create_app(settings=settings))


def add_page(app: FastAPI) -> FastAPI:
    """Put the page and the reading pages beside the API in *app*."""
    desk: Desk = app.state.desk
    app.include_router(files_router())
    app.include_router(reader_router())
    app.include_router(partials_router())
    app.include_router(login_router())
    app.state.open_paths = app.state.open_paths | static_paths() | {LOGIN}
    app.include_router(saved_router())
    app.state.saved = SavedFiles()
    app.user_middleware.append(Middleware(Door, routes=tuple(app.routes)))  # inside the guard
    app.user_middleware.append(Middleware(OwnSessions))  # inside the door
    for language in reversed(LANGUAGES):  # the one at ``/`` takes what is left, so it comes last
        words = words_of(language)
        has_login = app.state.access.needs_key
        page = build_page(desk, words, app.state.saved, has_login=has_login)
        app = _mount(app, page, words.home)
    return app


def _mount(app: FastAPI, blocks: gr.Blocks, path: str) -> FastAPI:
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        blocks,
        path=path.rstrip("/") or "/",
        theme=make_theme(),
        favicon_path=str(ICON) if path == "/" else None,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        enable_monitoring=False,
    )
    return mounted
