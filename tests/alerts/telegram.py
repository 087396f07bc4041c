"""A receiver that answers as Telegram's Bot API does, and refuses what it would not show."""

import email
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from typing import Any

from tests.alerts.receivers import Answer, Receiver, http_receiver

TOKEN = "123456789:AAF-s3cr3t_t0ken"
CHATS = {"12315544", "-100200300", "@team"}
LONGEST, LONGEST_CAPTION = 4096, 1024
RESERVED = "_*[]()~`>#+-=|{}.!"
MARKS = ("||", "__", "*", "_", "~", "`")


class Refused(ValueError):
    """Why the API does not take a message."""


@dataclass
class Shown:
    """A message as its readers see it: its text, what is bold, where links lead, its picture."""

    chat: str
    text: str = ""
    bold: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    photo: bytes | None = None


@dataclass
class Chat:
    """What arrived; `answers` are given to the next requests instead of what they would get."""

    receiver: Receiver
    shown: list[Shown] = field(default_factory=list)
    answers: list[Answer | None] = field(default_factory=list)

    def judge(self, path: str, kind: str, body: bytes) -> Answer:
        given = self.answers.pop(0) if self.answers else None
        return given or self._answer(path, kind, body)

    def _answer(self, path: str, kind: str, body: bytes) -> Answer:
        token, _, method = path.removeprefix("/bot").partition("/")
        if token != TOKEN or method.lower() not in ("sendmessage", "sendphoto"):
            return no(404, "Not Found")
        try:
            read = _message if method.lower() == "sendmessage" else _photo
            self.shown.append(read(kind, body))
        except Refused as refused:
            return no(400, f"Bad Request: {refused}")
        result = {"message_id": len(self.shown), "date": 1, "text": self.shown[-1].text}
        return Answer(body=json.dumps({"ok": True, "result": result}).encode())


def no(code: int, why: str, status: int | None = None, parameters: object = None) -> Answer:
    """An answer that says no, with its code as the status unless told otherwise."""
    said = {"ok": False, "error_code": code, "description": why, "parameters": parameters}
    return Answer(code if status is None else status, json.dumps(said).encode())


@contextmanager
def bot_api() -> Iterator[Chat]:
    """The Bot API on a free port of this machine."""
    with http_receiver() as receiver:
        chat = Chat(receiver)
        receiver.judge = chat.judge
        yield chat


def _message(_kind: str, body: bytes) -> Shown:
    given = json.loads(body)
    shown = _shown(str(given["chat_id"]), given["text"], given.get("parse_mode"))
    if not shown.text.strip():
        raise Refused("message text is empty")
    if len(shown.text) > LONGEST:
        raise Refused("message is too long")
    return shown


def _photo(kind: str, body: bytes) -> Shown:
    whole = b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body
    parts = email.message_from_bytes(whole, policy=policy.HTTP).iter_parts()
    given: dict[str, Any] = {
        str(part.get_param("name", header="Content-Disposition")): part.get_payload(decode=True)
        for part in parts
    }
    text = {name: value.decode() for name, value in given.items() if name != "photo"}
    shown = _shown(text["chat_id"], text.get("caption", ""), text.get("parse_mode"))
    if len(shown.text) > LONGEST_CAPTION:
        raise Refused("message caption is too long")
    shown.photo = given.get("photo")
    if not (shown.photo or b"").startswith(b"\x89PNG"):
        raise Refused("IMAGE_PROCESS_FAILED")
    return shown


def _shown(chat: str, text: str, mode: str | None) -> Shown:
    if chat not in CHATS:
        raise Refused("chat not found")
    if mode not in (None, "MarkdownV2"):
        raise Refused("unsupported parse_mode")
    shown = Shown(chat)
    if mode is None:
        shown.text = text
    else:
        _parse(text, shown)
    return shown


def _parse(text: str, shown: Shown) -> None:
    """MarkdownV2: what is reserved is escaped, or marks an entity that ends."""
    said: list[str] = []
    begun: list[tuple[str, int]] = []  # marks, and where their text begins
    at = 0
    while at < len(text):
        mark = next((one for one in MARKS if text.startswith(one, at)), None)
        if text[at] == "\\" and at + 1 < len(text) and ord(text[at + 1]) < 127:
            said.append(text[at + 1])
            at += 2
        elif mark and begun and begun[-1][0] == mark:
            _, start = begun.pop()
            if mark == "*":
                shown.bold.append("".join(said[start:]))
            at += len(mark)
        elif mark or text[at] == "[":
            begun.append((mark or "[", len(said)))
            at += len(mark or "[")
        elif text.startswith("](", at) and begun and begun[-1][0] == "[":
            end = text.index(")", at)
            _, start = begun.pop()
            shown.links["".join(said[start:])] = text[at + 2 : end]
            at = end + 1
        elif text[at] in RESERVED:
            raise Refused(
                f"can't parse entities: Character '{text[at]}' is reserved and must be escaped "
                "with the preceding '\\'"
            )
        else:
            said.append(text[at])
            at += 1
    if begun:
        raise Refused("can't parse entities: Can't find end of the entity")
    shown.text = "".join(said)
