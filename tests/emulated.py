"""The third-party emulator of Jira Data Center, served on a free loopback port."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import uvicorn
from jira820.config import Config
from jira820.server import make_app


@contextmanager
def emulated() -> Iterator[str]:
    """The URL of a fresh emulator until the block ends."""
    config = Config(base_date=date(2026, 3, 2), modules=["Web", "API"])
    server = uvicorn.Server(
        uvicorn.Config(
            make_app(config=config), host="127.0.0.1", port=0, log_level="error", ws="none"
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
