"""The OpenAPI description as it is true: errors are `application/problem+json`."""

from typing import Any

from fastapi import FastAPI

from web.http.answers import JSON, PROBLEM


def describe(app: FastAPI) -> None:
    """Let the application describe itself so; FastAPI knows one type for all answers of a route."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        is_made = app.openapi_schema is not None
        document = made()
        if not is_made:
            for methods in document["paths"].values():
                for operation in methods.values():
                    _mend(operation["responses"])
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _mend(responses: dict[str, Any]) -> None:
    for code, answer in responses.items():
        if code >= "400" and JSON in answer.get("content", {}):
            answer["content"] = {PROBLEM: answer["content"][JSON]}
