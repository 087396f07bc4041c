"""The page of the API: made by us from the OpenAPI document, so that nothing is loaded."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from web.http.answers import HTML
from web.http.site import Site
from web.show.terms import identifier


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    type: str
    meaning: str
    place: str = ""
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    parameters: list[Entry]
    fields: list[Entry]


def docs_routes(app: FastAPI, site: Site) -> APIRouter:
    """`/api/docs`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/api/docs")
    def docs(request: Request) -> Response:
        document = app.openapi()
        body = site.render("api.html", document=document, operations=list(operations(document)))
        return site.answers.by_content(request, body, HTML)

    return router


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    """Each path and method with its parameters and the keys of its answer."""
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, given in methods.items():
            yield Operation(
                identifier(f"{method}-{path}"),
                method.upper(),
                path,
                given.get("summary", ""),
                [_parameter(one, schemas) for one in given.get("parameters", [])],
                list(_fields(_answer(given), schemas, "")),
            )


def _answer(given: dict[str, Any]) -> dict[str, Any]:
    good: dict[str, Any] = next(
        (a for code, a in given["responses"].items() if code.startswith("2")), {}
    )
    schema: dict[str, Any] = good.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _parameter(one: dict[str, Any], schemas: dict[str, Any]) -> Entry:
    schema = one.get("schema", {})
    meaning = one.get("description") or schema.get("description", "")
    if schema.get("default") not in (None, ""):
        meaning = f"{meaning}; default: `{schema['default']}`".removeprefix("; ")
    return Entry(
        one["name"],
        _type(schema, schemas).removesuffix(" or null"),  # left out where it is not required
        meaning,
        one["in"],
        one.get("required", False),
    )


def _fields(schema: dict[str, Any], schemas: dict[str, Any], prefix: str) -> Iterator[Entry]:
    whole = _resolved(schema, schemas)
    for name, given in whole.get("properties", {}).items():
        here = f"{prefix}{name}"
        yield Entry(here, _type(given, schemas), given.get("description", ""))
        inner = given.get("items") or given
        for one in inner.get("anyOf", [inner]):
            yield from _fields(one, schemas, f"{here}[]." if "items" in given else f"{here}.")


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schemas[name] if name else schema
    return found


def _type(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_type(one, schemas) for one in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(str(one) for one in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    whole = _resolved(schema, schemas)
    kind = whole.get("type", "value")
    if kind == "array":
        return f"list of {_type(whole.get('items', {}), schemas)}"
    return str(whole.get("format") or kind)
