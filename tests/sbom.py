"""What the program is made of: `python -m tests.sbom FOLDER` writes two files there.

`sbom.cdx.json` is a bill of materials as CycloneDX 1.6, `requirements.txt` the same with hashes for
`pip install --require-hashes --no-deps -r`. Both come from what pip would install with
constraints.txt on this platform, of which it tells hashes and licences; nothing is installed.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
OURS = "agile-telemetry"
EXTRAS = ".[postgres]"
OSI = "License :: OSI Approved :: "

Item = Mapping[str, Any]


def resolved() -> list[Item]:
    """What pip would install, each with its metadata and where it comes from."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = ["-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        given = ["--report", str(report), "-c", "constraints.txt", EXTRAS]
        subprocess.run([sys.executable, *command, *given], cwd=ROOT, check=True)
        found: list[Item] = json.loads(report.read_text(encoding="utf-8"))["install"]
        return sorted(found, key=_name)


def bill(items: Sequence[Item]) -> dict[str, Any]:
    """A CycloneDX document; the same parts make the same document."""
    parts = {_name(item): item for item in items}
    ours = parts.pop(OURS)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**_component(ours), "type": "application"}},
        "components": [_component(item) for item in parts.values()],
        "dependencies": [{"ref": _ref(ours), "dependsOn": [_ref(one) for one in parts.values()]}],
    }


def hashed(items: Sequence[Item]) -> str:
    """A line for each part but our own, with its version and its hash."""
    return "".join(
        f"{_name(item)}=={item['metadata']['version']} --hash=sha256:{digest}\n"
        for item in items
        for digest in _digests(item)
        if _name(item) != OURS
    )


def _component(item: Item) -> dict[str, Any]:
    known = item["metadata"]
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": _ref(item),
        "name": _name(item),
        "version": known["version"],
        "purl": _ref(item),
        "description": known.get("summary", ""),
    }
    if licence := _licence(known):
        component["licenses"] = [licence]
    if digests := list(_digests(item)):
        component["hashes"] = [{"alg": "SHA-256", "content": digest} for digest in digests]
    return component


def _licence(known: Mapping[str, Any]) -> dict[str, Any] | None:
    """The expression where it is one, else the name by which it is classified."""
    if expression := known.get("license_expression"):
        return {"expression": expression}
    names = [one.removeprefix(OSI) for one in known.get("classifier", ()) if one.startswith(OSI)]
    said = (known.get("license") or "").partition("\n")[0].strip()[:80]
    name = " and ".join(names) or said
    return {"license": {"name": name}} if name else None


def _digests(item: Item) -> Iterator[str]:
    digest = item["download_info"].get("archive_info", {}).get("hashes", {}).get("sha256")
    if digest:
        yield digest


def _name(item: Item) -> str:
    return str(item["metadata"]["name"]).lower().replace("_", "-").replace(".", "-")


def _ref(item: Item) -> str:
    return f"pkg:pypi/{_name(item)}@{item['metadata']['version']}"


def write(folder: Path) -> str:
    """Write both files; what was written, for a person."""
    items = resolved()
    folder.mkdir(parents=True, exist_ok=True)
    bom, pinned = folder / "sbom.cdx.json", folder / "requirements.txt"
    bom.write_text(json.dumps(bill(items), indent=2) + "\n", encoding="utf-8")
    pinned.write_text(hashed(items), encoding="utf-8")
    return f"{bom} and {pinned}: {len(items) - 1} parts"


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
