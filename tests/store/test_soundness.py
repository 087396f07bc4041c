"""A damaged store is told with what helps; a sound one passes."""

import pytest
from sqlalchemy import insert

from telemetry.errors import StoreError
from telemetry.store.engine import open_store, writing
from telemetry.store.migrate import upgrade
from telemetry.store.schema import cursors
from telemetry.store.soundness import check_soundness


def test_a_sound_store_passes(store):
    check_soundness(store)


def test_a_damaged_file_is_told(tmp_path):
    engine = open_store("sqlite:///here.db", base=tmp_path)
    upgrade(engine)
    with writing(engine) as connection:
        rows = [{"site": "jira", "name": str(n), "value": "x" * 500} for n in range(500)]
        connection.execute(insert(cursors), rows)
    engine.dispose()  # its log is written into the file
    file = tmp_path / "here.db"
    content = bytearray(file.read_bytes())
    middle = len(content) - 40 * 4096
    content[middle : middle + 8 * 4096] = b"\xff" * (8 * 4096)
    with file.open("r+b") as opened:  # in place, as a disk does
        opened.write(content)
    engine = open_store("sqlite:///here.db", base=tmp_path)
    with pytest.raises(StoreError, match="telemetry db restore FILE"):
        check_soundness(engine)
    engine.dispose()
