"""What a form of ours sends."""

from urllib.parse import parse_qs

from fastapi import Request
from starlette.requests import ClientDisconnect

_FIELDS = 8  # of a form


async def form_fields(request: Request) -> dict[str, str]:
    """The form's fields, none of one that no page of ours has, without what no store can hold."""
    try:
        found = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=_FIELDS)
    except (ClientDisconnect, ValueError):
        return {}
    return {name: values[0].replace("\0", "") for name, values in found.items()}
