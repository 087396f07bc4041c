"""Where the pages of the application stand in a folder, and links from one to another. Pure."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, quote, unquote

ASSETS: Final = "assets/"
_NAME: Final = re.compile(r"\w(?:[\w.-]{0,60}\w)?")
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)  # Windows
_OF_LISTS: Final = ("issues", "impediments")  # of which a sprint's page holds all
_SPRINT: Final = re.compile(r"/teams/[^/]+(?:/sprints/[0-9]+)?")


class _Place(NamedTuple):
    """A file of the folder, as its own page links to it, as others do, and what follows both."""

    file: str
    within: str
    from_root: str
    tail: str


class Links:
    """Links between pages of a folder that has those of the `known` addresses alone.

    Most pages link to the same ones: each address is looked at once, which halves the time that
    a page takes.
    """

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._places: dict[str, _Place | None] = {}

    def seen_from(self, file: str) -> Callable[[str], str | None]:
        """Gives the link from this file to an address; None where the folder has no page of it."""
        up, places = above(file), self._places

        def link(wanted: str) -> str | None:
            if wanted not in places:
                places[wanted] = self._place(wanted)
            found = places[wanted]
            if found is None:
                return None
            return (found.within if found.file == file else up + found.from_root) + found.tail

        return link

    def _place(self, wanted: str) -> _Place | None:
        before, _, place = wanted.partition("#")
        path, _, query = before.partition("?")
        anchor = f"#{place}" if place else ""
        if path.startswith("/assets/"):
            file = ASSETS + path.split("/", 3)[3]
            return _Place(file, file, file, "")
        if query and before in self._known:
            return _at(before, anchor)
        if path not in self._known:
            return None
        if not query:
            return _at(path, anchor)
        asked = [one for one in parse_qsl(query) if one[0] in _OF_LISTS]
        if not asked or not _SPRINT.fullmatch(path):
            return None
        lists = "&".join(f"{name}={quote(value, safe=':')}" for name, value in asked)
        return _at(path, f"?{lists}{anchor}")._replace(within="")


def _at(address: str, tail: str) -> _Place:
    file, quoted = _written(address)
    return _Place(file, file.rpartition("/")[2], quoted, tail)


@lru_cache(maxsize=4096)  # 28 µs, for each link of a saved page
def _written(address: str) -> tuple[str, str]:
    """The file of an address, and as links write it: lists of a sprint's page share it."""
    file = file_of(address)
    return file, quote(file)


def above(file: str) -> str:
    """The way from a file up to the folder itself."""
    return "../" * file.count("/")


def file_of(address: str) -> str:
    """The file of an address; a choice on a page is a file beside it.

    What an address names, such as a label, may be no name of a file: that file is named otherwise.
    """
    path, _, query = address.partition("?")
    name = "index"
    if query:
        said = re.sub(r"[^A-Za-z0-9]+", "-", query)[:40]
        name = f"index-{said}-{_digest(query)[:6]}"
    return "/".join([*_folders_of(path), f"{name}.html"])


def _folders_of(path: str) -> Iterable[str]:
    """The folders of a page; programs may differ by what not all file systems tell apart."""
    program = path.removeprefix("/programs/")
    if program == path:
        return map(_segment, filter(None, path.split("/")))
    return "programs", _told_apart(unquote(program), 8)


def _segment(quoted: str) -> str:
    """A part of a path as a folder that can be made anywhere, and leads nowhere else."""
    name = unquote(quoted)
    if _NAME.fullmatch(name) and not _RESERVED.fullmatch(name):
        return name
    return _told_apart(name, 6)


def _told_apart(name: str, digits: int) -> str:
    said = re.sub(r"[^A-Za-z0-9]+", "-", name)[:40].strip("-")
    return f"{said}-{_digest(name)[:digits]}".lstrip("-")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
