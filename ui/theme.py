"""How the page looks: the style sheet, the script, the icon, and a theme to match them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import gradio as gr
from fastapi import APIRouter
from fastapi.responses import FileResponse

_HERE = Path(__file__).parent
ICON = _HERE / "favicon.svg"
_FONTS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "system-ui", "sans-serif")
_KINDS = {".css": "text/css", ".js": "text/javascript"}
#: The style sheets and scripts, by the address that they are served at.
STATIC = {
    f"/anze/{file.name}": (file, _KINDS[file.suffix])
    for file in sorted((_HERE / "static").iterdir())
    if file.suffix in _KINDS
}
_SERVED = {**STATIC, "/favicon.ico": (ICON, "image/svg+xml")}


def make_theme() -> gr.themes.Base:
    """A theme whose fonts are those of the system and whose colours are the style sheet's."""
    colours = {
        "body_background_fill": "var(--paper)",
        "body_text_color": "var(--ink)",
        "body_text_color_subdued": "var(--soft)",
        "background_fill_primary": "var(--sheet)",
        "background_fill_secondary": "var(--paper)",
        "block_background_fill": "transparent",
        "border_color_primary": "var(--rule)",
        "border_color_accent": "var(--accent)",
        "color_accent": "var(--accent)",
        "input_background_fill": "var(--sheet)",
        "input_border_color": "var(--rule)",
        "link_text_color": "var(--accent)",
    }
    dark = {f"{name}_dark": value for name, value in colours.items() if name != "color_accent"}
    theme = gr.themes.Base(font=list(_FONTS), font_mono=["monospace"])
    return theme.set(**colours, **dark)


def files_router() -> APIRouter:
    """The files that the page loads, all of them from here."""
    router = APIRouter(include_in_schema=False)
    for path, (file, kind) in _SERVED.items():
        router.get(path)(_sender(file, kind))
    return router


def static_paths() -> frozenset[str]:
    """The paths of these files, which hold nothing that a key protects."""
    return frozenset(_SERVED)


def _sender(file: Path, kind: str) -> Callable[[], FileResponse]:
    def send() -> FileResponse:
        return FileResponse(file, media_type=kind, headers={"Cache-Control": "no-cache"})

    return send


def style_links() -> str:
    """The links to every style sheet, for a page's head."""
    sheets = (path for path in STATIC if path.endswith(".css"))
    return "".join(f'<link rel="stylesheet" href="{path}">' for path in sheets)


def script_links() -> str:
    """The links to every script, for a page's head."""
    scripts = (path for path in STATIC if path.endswith(".js"))
    return "".join(f'<script src="{path}" defer></script>' for path in scripts)
