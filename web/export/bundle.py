"""Modules of the pages as one classic script: a browser loads no module from a folder."""

import re
from collections.abc import Mapping

_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|const) (\w+)", re.MULTILINE)


def bundled(files: Mapping[str, bytes], *entries: str) -> str:
    """The modules and what they import, in order, each in a scope of its own."""
    done: dict[str, str] = {}
    for entry in entries:
        _add(files, entry, done)
    return "\n".join(done.values())


def _add(files: Mapping[str, bytes], name: str, done: dict[str, str]) -> None:
    if name in done:
        return
    text = files[name].decode()
    for found in _IMPORT.finditer(text):
        _add(files, found[2], done)
    names = [found[2] for found in _EXPORT.finditer(text)]
    body = _IMPORT.sub(lambda found: f"const {{ {found[1]} }} = {_scope(found[2])};\n", text)
    body = _EXPORT.sub(r"\1 \2", body)
    given = f"return {{ {', '.join(names)} }};\n" if names else ""
    done[name] = f"const {_scope(name)} = (() => {{\n{body}{given}}})();\n"


def _scope(name: str) -> str:
    return "module_" + re.sub(r"\W", "_", name.removesuffix(".js"))
