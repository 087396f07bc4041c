"""The web application over some reports, served on a free port of this machine."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from web.http.bounds import Bounds
from web.http.sessions import Sessions
from web.service import server


@contextmanager
def served(
    reports: Any,
    clock: Callable[[], datetime],
    access_token: str | None = None,
    bounds: Bounds | None = None,
    sessions: Sessions | None = None,
) -> Iterator[str]:
    """The URL of the web application over some reports, on a free port."""
    made = server(
        reports,
        host="127.0.0.1",
        port=0,
        access_token=access_token,
        clock=clock,
        bounds=bounds,
        sessions=sessions,
    )
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not made.started and time.monotonic() < until:
        time.sleep(0.02)
    port = made.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    made.should_exit = True
    thread.join(20)
