"""Posts Jira's webhooks for every act on a world, from a thread of its own."""

import hashlib
import hmac
import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random
from urllib.parse import urlsplit
from uuid import uuid4

import orjson

from bot.simulator.events import Event
from bot.simulator.flavours import Flavour
from bot.simulator.options import Options
from bot.simulator.render import Payload, Renderer
from bot.simulator.state import milliseconds
from bot.simulator.world import World

_most_waiting = 1000
_patience_seconds = 5.0
_refused_for_now = {408, 409, 425, 429}


@dataclass(order=True, slots=True)
class _Delivery:
    due: float
    number: int
    body: bytes = field(compare=False)
    identifier: str = field(compare=False)
    attempt: int = field(compare=False, default=0)


class Webhooks:
    """Hears a world's events and posts them; what finds no room or no taker is lost."""

    def __init__(self, world: World, flavour: Flavour, base: str, options: Options) -> None:
        if options.webhook_url is None:
            raise ValueError("webhooks need Options.webhook_url")
        self.delivered = 0
        self.lost = 0
        self._world, self._flavour, self._base = world, flavour, base
        self._options = options
        self._target = urlsplit(options.webhook_url)
        self._random = Random(options.webhook_seed)
        self._changed = threading.Condition()
        self._waiting: list[_Delivery] = []
        self._is_posting = self._is_stopped = False
        self._count = 0
        self._thread = threading.Thread(target=self._work, name="webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; what still waits is lost."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
        self._thread.join(timeout=2 * _patience_seconds)

    def settle(self, timeout_seconds: float) -> bool:
        """Waits until nothing is waiting to be posted; whether that came to be in time."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not self._waiting and not self._is_posting, timeout_seconds
            )

    def hear(self, event: Event) -> None:
        """Takes an event in as it is now; never waits for anybody."""
        options, chance = self._options, self._random.random
        body = orjson.dumps(self._body(event), option=orjson.OPT_NON_STR_KEYS)
        identifier = str(uuid4())
        if chance() < options.webhook_loss:
            with self._changed:
                self.lost += 1
            return
        for _ in range(2 if chance() < options.webhook_duplication else 1):
            is_late = chance() < options.webhook_delay
            late = options.webhook_delay_seconds * self._random.uniform(0.5, 1) if is_late else 0
            with self._changed:
                self._count += 1
                self._put(_Delivery(time.monotonic() + late, self._count, body, identifier))

    def _put(self, delivery: _Delivery) -> None:
        if len(self._waiting) >= _most_waiting:
            self.lost += 1
            return
        heappush(self._waiting, delivery)
        self._changed.notify_all()

    def _body(self, event: Event) -> Payload:
        renderer = Renderer(self._world, self._flavour, self._base)
        at = event.at if event.at is not None else milliseconds(self._options.clock())
        body: Payload = {"timestamp": at, "webhookEvent": event.name}
        if event.work_log is not None:
            body["worklog"] = renderer.work_log(event.work_log)
        elif event.sprint is not None:
            body["sprint"] = renderer.sprint(event.sprint)
        elif event.issue is not None:
            author = event.issue.reporter if event.history is None else event.history.author
            body["issue_event_type_name"] = event.name.removeprefix("jira:")
            body["user"] = renderer.user(author)
            body["issue"] = renderer.issue(event.issue, None)
            if event.history is not None:
                items = renderer.items(event.history)
                body["changelog"] = {"id": str(event.history.id), "items": items}
        return body

    def _work(self) -> None:
        while (delivery := self._next()) is not None:
            status = self._post(delivery)
            is_taken = status is not None and status < 500 and status not in _refused_for_now
            pauses = self._options.webhook_retry_seconds
            with self._changed:
                self._is_posting = False
                if is_taken:
                    self.delivered += 1
                elif delivery.attempt < len(pauses):
                    delivery.due = time.monotonic() + pauses[delivery.attempt]
                    delivery.attempt += 1
                    self._put(delivery)
                else:
                    self.lost += 1
                self._changed.notify_all()

    def _next(self) -> _Delivery | None:
        """The next delivery when it is due; None when all is to end."""
        with self._changed:
            while not self._is_stopped:
                pause = self._waiting[0].due - time.monotonic() if self._waiting else None
                if pause is not None and pause <= 0:
                    self._is_posting = True
                    return heappop(self._waiting)
                self._changed.wait(pause)
        return None

    def _post(self, delivery: _Delivery) -> int | None:
        """The status of the answer; None where there was none."""
        secret = self._options.webhook_secret.encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Atlassian Webhook HTTP Client",
            "X-Atlassian-Webhook-Identifier": delivery.identifier,
            "X-Atlassian-Webhook-Flow": "Primary",
        }
        if secret:
            signature = hmac.new(secret, delivery.body, hashlib.sha256).hexdigest()
            headers["X-Hub-Signature"] = f"sha256={signature}"
        if delivery.attempt:
            headers["X-Atlassian-Webhook-Retry"] = str(delivery.attempt)
        connection = http.client.HTTPConnection(
            self._target.hostname or "", self._target.port, timeout=_patience_seconds
        )
        try:
            connection.request("POST", self._target.path or "/", delivery.body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


@contextmanager
def posting(world: World, flavour: Flavour, base: str, options: Options) -> Iterator[Webhooks]:
    """Posts what happens in the world until the block ends; `base` is the site's own URL."""
    webhooks = Webhooks(world, flavour, base, options)
    webhooks.start()
    with world.lock:
        world.listeners.append(webhooks.hear)
    try:
        yield webhooks
    finally:
        with world.lock:
            world.listeners.remove(webhooks.hear)
        webhooks.stop()
