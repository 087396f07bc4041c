"""Questions to one Jira over HTTP, with retries."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import MappingProxyType
from typing import Any

import requests

from bot.jira.http.answers import Refusals
from bot.jira.http.auth import Asked, Auth, Written
from bot.jira.http.bodies import TooMuch, too_much
from bot.jira.http.deadline import Deadline
from bot.jira.http.exchange import exchange
from bot.jira.http.giving_up import (
    WHO_WE_ARE,
    denied_alone,
    given_up,
    is_somebody,
    is_who_we_are,
    left_alone,
)
from bot.jira.http.held import held_data
from bot.jira.http.limits import Limits
from bot.jira.http.question import Question
from bot.jira.http.retry import Failure, Patience
from bot.jira.http.room import ROOM, Tenant
from bot.jira.http.session import checked_url, session_of
from bot.jira.http.shapes import Shape, an_object
from bot.jira.http.silences import MOST, PART, TRIES, Silences
from bot.jira.http.standstill import Standstill
from telemetry.ending import Ending
from telemetry.errors import AccessDenied, TrackerError, TrackerUnavailable

MOST_COOKIES = 50  # a balancer's and a session's are wanted back, others would pile up
_nothing: Refusals = MappingProxyType({})


class Transport:
    """Asks one Jira, from any thread, and counts the requests made.

    At most `requests_at_once` requests are under way, whoever asks; waits between tries take no
    part of that. What Jira asks of one request (to wait, to slow down) holds for all.
    `nameless` counts issues listed without an id: then what is not listed need not be gone.
    Without `sleep` it waits on an event that `close()` sets, so that closing ends every wait. When
    the `ending` begins, it is closed, and who asks is stopped.
    """

    def __init__(
        self,
        url: str,
        auth: Auth,
        *,
        timeout: tuple[float, float],
        sleep: Callable[[float], object] | None,
        clock: Callable[[], float],
        patience: Patience,
        requests_at_once: int,
        deadline_seconds: float,
        ending: Ending,
        written: Written,
        most_bytes: int,
    ) -> None:
        self.url = checked_url(url)
        self.who = auth.who
        self.written = written
        self.said = auth.said
        self._most_bytes = most_bytes
        self._tenant = Tenant()
        self.requests = 0
        self.nameless = 0
        self._is_hasty = False
        self._closed = threading.Event()
        self._sleep = sleep or self._closed.wait
        self._clock = clock
        self._timeout = timeout
        self._patience = patience
        self._deadline_seconds = deadline_seconds
        self._slots = threading.BoundedSemaphore(requests_at_once)
        self._limits = Limits(clock)
        self.standstill = Standstill(clock)
        self.silences = Silences()
        self._lock = threading.Lock()
        self._under_way: set[Deadline] = set()
        self._session = session_of(self.url, auth, requests_at_once)
        self._ending = ending
        ending.add(self.close)

    def get(
        self,
        path: str,
        params: Mapping[str, str | int] | None = None,
        refusals: Refusals = _nothing,
        shape: Shape = an_object,
    ) -> Any:
        """The decoded answer to GET, of that shape; `path` begins with /rest."""
        return self._ask(Question("GET", path, params, None, refusals, shape))

    def post(
        self,
        path: str,
        body: Mapping[str, Any],
        refusals: Refusals = _nothing,
        shape: Shape = an_object,
    ) -> Any:
        """The decoded answer to POST; every one we make only reads, so it may be repeated."""
        return self._ask(Question("POST", path, None, body, refusals, shape))

    @contextmanager
    def hasty(self) -> Iterator[None]:
        """Takes a server error of one question as its answer: nothing is asked twice for it."""
        before, self._is_hasty = self._is_hasty, True
        try:
            yield
        finally:
            self._is_hasty = before

    def close(self) -> None:
        """Ends waits, requests under way and connections."""
        self._ending.remove(self.close)
        self._closed.set()
        with self._lock:
            under_way = tuple(self._under_way)
        for deadline in under_way:
            deadline.cut()
        self._session.close()

    def _ask(self, question: Question) -> Any:
        with self.standstill.asking():
            return self._answer(question)

    def _answer(self, question: Question) -> Any:
        begun, tried = self._clock(), 0
        while True:
            self.check_open()
            self.standstill.check(self.url)
            self._check_wanted(question)
            self._check_silence(question)
            with self._slots:
                wait = self._limits.wait_seconds()
                if wait:
                    reason = self._limits.reason
                    failure = Failure(reason, is_for_all=True, retry_after_seconds=wait)
                else:
                    tried += 1
                    try:
                        return self._once(question, self._part(question))
                    except AccessDenied as error:
                        raise self._judged(question, error) from None
                    except Failure as error:
                        failure, wait = error, self._patience.wait_seconds(tried, error)
                        if error.is_for_all:  # before another request takes this one's place
                            self._limits.hold(wait, error.reason)
            self.check_open()
            spent = self._clock() - begun
            is_known = self._is_hasty and not failure.is_for_all and failure.status is not None
            has_hung = bool(failure.is_silent) and self._has_hung(question)
            is_last = is_known or has_hung or tried >= self._patience.tries
            if is_last or spent + wait > self._patience.budget_seconds:
                told = given_up(self._asked(question), question.method, failure, tried, spent)
                told.is_of_question = has_hung
                raise told if failure.is_for_all else self._judged(question, told)
            self._sleep(wait)

    def check_open(self) -> None:
        """Raises Stopped where all is to end, TrackerUnavailable where this was closed."""
        self._ending.check()
        if self._closed.is_set():
            raise TrackerUnavailable(f"the connection to {self.url} was closed meanwhile")

    def _check_wanted(self, question: Question) -> None:
        if ROOM.is_wanted(self._tenant):
            told = TooMuch("so much for so long that others wait for its room")
            raise too_much(f"{self.url}{question.path}", told)

    def _count(self, question: Question) -> int:
        return 0 if is_who_we_are(question.path) else self.silences.count(question.key)

    def _part(self, question: Question) -> float:
        return 1 if is_who_we_are(question.path) else self.silences.part(question.key)

    def _check_silence(self, question: Question) -> None:
        if self._count(question) >= MOST:
            raise left_alone(self._asked(question), question.method)

    def _has_hung(self, question: Question) -> bool:
        """Whether the question alone hangs, by its tries so far: others are answered."""
        self.silences.hung(question.key)
        if self._count(question) < TRIES:
            return False
        if self._is_known():
            return True
        self.silences.answered(question.key)  # it is not to blame
        return False

    def _once(self, question: Question, part: float) -> Any:
        """Asks once, within that part of the usual time."""
        begun = self._clock()

        def is_late() -> bool:
            return self._clock() - begun >= self._timeout[1] * PART

        with ExitStack() as large:
            try:
                response = self._exchanged(question, part, large)
                if response.ok or not is_late():
                    self.silences.answered(question.key)
                return self._read(question, response)
            except Failure as error:
                if error.is_silent is None:
                    error.is_silent = is_late() and not (error.is_garbled or error.is_for_all)
                raise

    def _exchanged(self, question: Question, part: float, large: ExitStack) -> requests.Response:
        deadline = Deadline(self._deadline_seconds * part)

        def when_large() -> Callable[[int], None]:
            room = ROOM.body(
                self._tenant, self._deadline_seconds, self.check_open, deadline.give_way
            )
            with deadline.paused():
                return large.enter_context(room)

        with self._lock:
            self.check_open()
            self.requests += 1
            self._under_way.add(deadline)
        try:
            response = exchange(
                self._session,
                question.method,
                self.url + question.path,
                params=question.params,
                body=question.content,
                timeout=(self._timeout[0], self._timeout[1] * part),
                deadline=deadline,
                written=self.written,
                most_bytes=self._most_bytes,
                when_large=when_large,
            )
        finally:
            with self._lock:
                self._under_way.discard(deadline)
        if response.ok:
            self._limits.note(response.headers)
        if len(self._session.cookies) > MOST_COOKIES:
            self._session.cookies.clear()
        return response

    def _read(self, question: Question, response: requests.Response) -> Any:
        asked = self._asked(question)
        data, dropped = held_data(response, question, asked, ROOM, self._tenant, self.check_open)
        if dropped:
            with self._lock:
                self.nameless += dropped
        return data

    def _judged(self, question: Question, error: TrackerError) -> TrackerError:
        """The error; that of the question alone where Jira says meanwhile who we are."""
        if not error.is_of_site or is_who_we_are(question.path) or not self._is_known():
            return error
        if isinstance(error, AccessDenied):
            return denied_alone(self._asked(question), error)
        error.is_of_question = True
        return error

    def _is_known(self) -> bool:
        try:
            return is_somebody(self._once(Question("GET", WHO_WE_ARE, None, None, _nothing), PART))
        except (Failure, TrackerError):
            return False

    def _asked(self, question: Question) -> Asked:
        said, most = self.said, self._most_bytes
        return Asked(self.url, question.path, self.who, self.written, said, most)
