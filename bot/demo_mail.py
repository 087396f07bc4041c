"""The demo's mail server: takes what the bot mails, for a page to show as a mailbox would."""

import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer

from telemetry.received import Mail, Received

LONGEST = 1_000_000  # bytes of a mail
LONGEST_LINE = 4_000
SECONDS = 30.0  # without a word
ANSWERS = {
    "EHLO": "250 demo",
    "HELO": "250 demo",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "RSET": "250 ok",
    "NOOP": "250 ok",
    "DATA": "354 go on",
    "QUIT": "221 bye",
}


def take(received: Received, content: bytes) -> None:
    """Keep a mail as it was sent."""
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)  # noqa: S101 - the policy's
    page, plain = (mail.get_body((kind,)) for kind in ("html", "plain"))
    received.take(
        Mail(
            at=datetime.now(UTC),
            subject=str(mail["Subject"] or ""),
            sender=str(mail["From"] or ""),
            page="" if page is None else _whole(page.get_content(), mail),
            plain="" if plain is None else plain.get_content(),
        )
    )


def _whole(page: str, mail: EmailMessage) -> str:
    """The page with its pictures in itself, as a mail program shows them."""
    for part in mail.walk():
        name = (part["Content-ID"] or "").strip("<>")
        if name and part.get_content_maintype() == "image":
            data = b64encode(part.get_content()).decode()
            page = page.replace(f'"cid:{name}"', f'"data:{part.get_content_type()};base64,{data}"')
    return page


@contextmanager
def mailing(received: Received) -> Iterator[str]:
    """Takes mails on a free port of this machine meanwhile; yields its address for Apprise."""

    class Handler(StreamRequestHandler):
        timeout = SECONDS

        def handle(self) -> None:
            self._say("220 demo")
            word = ""
            while word != "QUIT":
                line = self.rfile.readline(LONGEST_LINE)
                if not line:
                    return
                word = line[:4].decode("ascii", "replace").upper()
                self._say(ANSWERS.get(word, "502 not here"))
                if word == "DATA":
                    self._say("250 ok" if self._mail() else "552 too long")

        def _mail(self) -> bool:
            """Read a mail up to the line of one dot; whether it was kept."""
            lines, size = [], 0
            while (line := self.rfile.readline(LONGEST)) not in (b"", b".\r\n", b".\n"):
                size += len(line)
                if size <= LONGEST:
                    lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            if size <= LONGEST:
                take(received, b"".join(lines))
            return size <= LONGEST

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode("ascii"))

    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    port = server.server_address[1]
    try:
        yield (
            f"mailto://127.0.0.1:{port}?smtp=127.0.0.1&mode=insecure"
            "&from=telemetry@example.com&to=sponsors@example.com"
        )
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
