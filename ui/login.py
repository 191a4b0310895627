"""The login page: one field for the key, and a session for whoever has one."""

from __future__ import annotations

from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from assistant.api.auth import COOKIE, LOGIN, LOGOUT, access_of, is_same_origin, session_token
from assistant.errors import TooManyRequests
from assistant.rates import Rates
from assistant.sessions import LIFETIME
from ui.reading import sheet_page
from ui.render import escape

#: Wrong keys that one address may try.
GUESSES = "10/minute"
_MAX_BACK = 2000
_STYLE = (
    "<style>.sheet h1{margin-left:0}"
    ".login{display:grid;gap:.75rem;max-width:24rem;grid-column:1/-1}"
    ".login :is(input,button){font:inherit;padding:.5rem .75rem;border-radius:4px;"
    "border:1px solid var(--soft);background:var(--sheet);color:var(--ink)}"
    ".login button{background:var(--accent);color:var(--accent-ink);border-color:var(--accent);"
    "cursor:pointer}.login p{margin:0}</style>"
)
_WRONG = "访问密钥不对，或者已经停用、过期。请核对后再试。"
_HINT = "密钥由本单位的管理员发放，以 anze_ 开头。登录后12小时内有效。"
_FOREIGN = "登录只接受本页面发来的请求。请重新打开本页再试。"


def login_router() -> APIRouter:
    """``/login`` and ``/logout``."""
    router = APIRouter(include_in_schema=False)
    router.get(LOGIN)(show)
    router.post(LOGIN)(log_in)
    router.get(LOGOUT)(ask_to_log_out)
    router.post(LOGOUT)(log_out)
    return router


def show(request: Request) -> Response:
    """The empty form; whoever needs no login is sent on."""
    access = access_of(request)
    token = session_token(request.headers)
    back = _local(request.query_params.get("next"))
    if not access.needs_key or (token and access.by_session(token)):
        return RedirectResponse(back, 303)
    return _form(back)


async def log_in(request: Request) -> Response:
    """Start a session for whoever gives a key, and send him where he wanted to go."""
    fields = parse_qs((await request.body()).decode("utf-8", "replace"))
    secret = fields.get("key", [""])[0].strip()
    back = _local(fields.get("next", [""])[0])
    if "origin" in request.headers and not is_same_origin(request.scope):
        return _form(back, _FOREIGN, 403)
    return await run_in_threadpool(_try, request, secret, back)


def _try(request: Request, secret: str, back: str) -> Response:
    rates: Rates = request.app.state.rates
    who = f"login:{request.client.host if request.client else ''}"
    try:
        rates.check(GUESSES, who)
    except TooManyRequests as error:
        reply = _form(back, f"试得太频繁，请在{error.headers['Retry-After']}秒后再试。", 429)
        reply.headers.update(error.headers)
        return reply
    token = access_of(request).log_in(secret)
    if token is None:
        rates.count(GUESSES, who)
        return _form(back, _WRONG, 401)
    sent_on = RedirectResponse(back, 303, {"Cache-Control": "no-store"})
    _set_cookie(request, sent_on, token, LIFETIME)
    return sent_on


def ask_to_log_out() -> Response:
    """A button: a link alone, which any page could hold, ends no session."""
    body = (
        f'{_STYLE}<main class="sheet"><header><h1>退出登录</h1></header>'
        f'<form class="login" method="post" action="{LOGOUT}">'
        "<p>退出后，这台电脑上要重新输入访问密钥才能使用。</p>"
        "<button>退出登录</button></form></main>"
    )
    return HTMLResponse(sheet_page("退出登录", body), headers={"Cache-Control": "no-store"})


def log_out(request: Request) -> Response:
    """End the session."""
    token = session_token(request.headers)
    if token:
        access_of(request).log_out(token)
    reply = RedirectResponse(LOGIN, 303, {"Cache-Control": "no-store"})
    _set_cookie(request, reply, "", 0)
    return reply


def _set_cookie(request: Request, reply: Response, token: str, seconds: int) -> None:
    reply.set_cookie(
        COOKIE,
        token,
        max_age=seconds,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def _local(path: str | None) -> str:
    """*path* where it is one of this server's, else the page."""
    path = path or "/"
    is_local = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_local and path.isprintable() and len(path) <= _MAX_BACK else "/"


def _form(back: str, fault: str = "", status: int = 200) -> HTMLResponse:
    told = f'<p class="note" role="alert" id="fault">{escape(fault)}</p>' if fault else ""
    described = ' aria-invalid="true" aria-describedby="fault"' if fault else ""
    body = (
        f'{_STYLE}<main class="sheet"><header><h1>登录</h1></header>'
        f'<form class="login" method="post" action="{LOGIN}">{told}'
        '<label for="key">访问密钥</label>'
        '<input id="key" name="key" type="password" required autofocus '
        f'autocomplete="current-password" spellcheck="false"{described}>'
        f'<input type="hidden" name="next" value="{escape(back)}">'
        f"<button>登录</button><p>{_HINT}</p></form></main>"
    )
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return HTMLResponse(sheet_page("登录", body, leads_back=False), status, headers)
