"""A unit without limits: what runs away would take the machine with it."""

from configparser import ConfigParser
from pathlib import Path

DEPLOY = Path(__file__).parents[2] / "deploy"


def test_the_unit_bounds_files_and_memory():
    unit = ConfigParser(strict=False, interpolation=None)
    unit.read(DEPLOY / "telemetry.service", encoding="utf-8")
    service = unit["Service"]
    assert int(service["LimitNOFILE"]) >= 1200
    assert service["MemoryMax"] == "2G"


def test_the_container_bounds_them_too():
    text = (DEPLOY / "compose.yml").read_text(encoding="utf-8")
    assert "nofile: 4096" in text
    assert "mem_limit: 2g" in text
