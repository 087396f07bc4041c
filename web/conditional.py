"""ETags: an answer that has not changed is not sent again."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response

from web.numbers import DECIMAL

REVALIDATE = "no-cache"


def tag(*parts: object) -> str:
    """A weak ETag of what an answer depends on, beside how its reader writes numbers."""
    text = "\0".join(str(part) for part in (*parts, DECIMAL.get()))
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'


def is_known(request: Request, etag: str) -> bool:
    """Whether the asker already holds the answer with this ETag."""
    given = request.headers.get("if-none-match", "")
    bare = etag.removeprefix("W/")
    known = {one.strip().removeprefix("W/") for one in given.split(",")}
    return "*" in known or bare in known


def not_modified(etag: str) -> Response:
    """An empty answer: what you have is right."""
    return Response(status_code=304, headers={"ETag": etag, "Cache-Control": REVALIDATE})


def conditional(request: Request, content: bytes, media_type: str) -> Response:
    """The content with the ETag of itself, or 304 where the asker has it."""
    etag = tag(hashlib.sha256(content).hexdigest())
    if is_known(request, etag):
        return not_modified(etag)
    headers = {"ETag": etag, "Cache-Control": REVALIDATE}
    return Response(content, media_type=media_type, headers=headers)
