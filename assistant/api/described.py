"""What the OpenAPI document says of keys: which calls need one where keys are set."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from assistant.access import Access
from assistant.api.auth import OPEN_PATHS

_SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "description": "访问密钥，以 anze_ 开头"},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}


def describe_keys(app: FastAPI, access: Access) -> None:
    """Let *app*'s document name the keys, where there are any; it is made on the first request."""
    made = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None and access.needs_key:
            document = made()
            document.setdefault("components", {})["securitySchemes"] = _SCHEMES
            document["security"] = [{name: []} for name in _SCHEMES]
            for path in OPEN_PATHS & document["paths"].keys():
                for operation in document["paths"][path].values():
                    operation["security"] = []
        return made()

    app.openapi = described  # type: ignore[method-assign]  # as the framework's guide has it
