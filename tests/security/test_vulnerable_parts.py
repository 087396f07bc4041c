"""Parts with known weaknesses, and parts that nobody knows of."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.audit import COMMAND, LEFT_OUT, asked, told
from tests.sbom import bill, hashed

ROOT = Path(__file__).parents[2]
PART = {
    "metadata": {
        "name": "Some.Part",
        "version": "1.2",
        "summary": "Parts.",
        "classifier": ["License :: OSI Approved :: MIT License"],
    },
    "download_info": {"archive_info": {"hashes": {"sha256": "ab" * 32}}},
}
OURS = {"metadata": {"name": "agile-telemetry", "version": "0.1.0"}, "download_info": {}}


def test_a_bill_names_each_part_with_version_licence_and_hash():
    document = bill([OURS, PART])
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    [part] = document["components"]
    assert part["purl"] == "pkg:pypi/some-part@1.2"
    assert part["licenses"] == [{"license": {"name": "MIT License"}}]
    assert part["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]
    assert document["metadata"]["component"]["name"] == "agile-telemetry"
    assert json.dumps(document) == json.dumps(bill([OURS, PART])), "the same makes the same"


def test_what_is_installed_by_hash_is_all_but_ourselves():
    assert hashed([OURS, PART]) == f"some-part==1.2 --hash=sha256:{'ab' * 32}\n"


def test_a_known_vulnerability_fails_the_check_and_is_named():
    vulnerable = {"id": "PYSEC-1", "fix_versions": ["1.3"], "aliases": [], "description": "…"}
    found = {
        "dependencies": [
            {"name": "good", "version": "1", "vulns": []},
            {"name": "bad", "version": "1.2", "vulns": [vulnerable]},
            {"name": "unknown", "skip_reason": "not found"},
        ]
    }
    code, said = told(found)
    assert code == 1
    assert said == [
        "bad 1.2: PYSEC-1, mended in 1.3",
        "pip-audit: 2 of 3 parts looked up, 1 known to be weak",
    ]


@pytest.mark.parametrize("found", [None, {"dependencies": [{"name": "x", "skip_reason": "?"}]}])
def test_without_a_network_the_check_says_so_in_one_line_and_passes(found):
    assert told(found) == (0, [LEFT_OUT])


def test_an_audit_that_breaks_off_is_one_without_a_network():
    assert asked(["-c", "raise SystemExit(1)"]) is None
    assert "--disable-pip" in COMMAND


def test_every_part_has_its_exact_version():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*==[0-9][\w.+]*( ; .*)?", line), line


def test_the_check_runs_both():
    said = subprocess.run(
        ["make", "-n", "check"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "bandit --quiet" in said
    assert "tests.audit" in said


def test_how_to_report_is_said_without_an_invented_address():
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "To report a weakness" in text
    assert not re.search(r"\S@\S|https?://", text)
    for test in re.findall(r"`(tests/[\w/.]+)`", text):
        assert (ROOT / test).exists()
