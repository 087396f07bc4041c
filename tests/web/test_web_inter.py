"""The typeface: cut to what pages write, kept for all processes, done without if need be."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont

from web.http.assets import Assets
from web.http.inter import Inter, cache_folder, installed

pytestmark = pytest.mark.slow

PACKAGE = Path(str(resources.files("fontpkg_inter")))
FONT = "files/Inter[opsz,wght].ttf"
WRITTEN = "Šķēr ŵ Ő ß ẞ ₣ € ‘sprint’ – … ≈ ● ▲ ■ ○ △ ▽ ◇ − → \u202f"


@pytest.fixture(scope="session")
def typeface() -> bytes:
    """The font as this machine's tests share it."""
    content = installed().content()
    assert content is not None
    return content


@pytest.fixture(scope="module")
def small_package(tmp_path_factory) -> Path:
    """A package whose font has few letters, so that it is cut quickly."""
    folder = tmp_path_factory.mktemp("package")
    letters = Subsetter()
    letters.populate(text="abc")
    (folder / "files").mkdir()
    with TTFont(PACKAGE / FONT, lazy=True) as font:
        letters.subset(font)
        font.save(folder / FONT)
    (folder / "LICENSE").write_text("free")
    return folder


def test_the_typeface_is_small_and_knows_all_that_pages_write(typeface):
    assert 30_000 < len(typeface) < 46_000
    font = TTFont(BytesIO(typeface))
    characters = font.getBestCmap()
    assert [one for one in WRITTEN if ord(one) not in characters] == []
    features = {one.FeatureTag for one in font["GSUB"].table.FeatureList.FeatureRecord}
    assert "tnum" in features
    axes = {axis.axisTag: (axis.minValue, axis.maxValue) for axis in font["fvar"].axes}
    assert axes == {"wght": (400, 700)}
    assert "SIL Open Font License" in font["name"].getDebugName(13)
    assert "The Inter Project Authors" in font["name"].getDebugName(0)


def test_pages_name_and_preload_a_typeface_that_never_expires(client, typeface):
    page = client.get("/teams/k8s").text
    url = next(part for part in page.split('"') if part.endswith("inter.woff2"))
    assert f'<link rel="preload" href="{url}" as="font" type="font/woff2" crossorigin>' in page
    answer = client.get(url)
    assert answer.content == typeface
    assert answer.headers["content-type"] == "font/woff2"
    assert "immutable" in answer.headers["cache-control"]
    assert client.get(url.replace("/assets/", "/assets/0")).status_code == 404
    assert url.rpartition("/")[0] in client.get("/wall?teams=k8s").text


def test_the_licence_is_served_with_the_typeface(client):
    page = client.get("/definitions").text
    url = next(part for part in page.split('"') if part.endswith("inter-licence.txt"))
    assert "SIL OPEN FONT LICENSE Version 1.1" in client.get(url).text


def test_what_is_kept_is_not_made_again(tmp_path):
    first = Inter(PACKAGE, tmp_path)
    (tmp_path / f"inter-{first.digest}.woff2").write_bytes(b"wOF2 kept")
    assert first.content() == b"wOF2 kept"


def test_a_file_that_is_no_font_is_made_anew_and_nothing_unfinished_stays(tmp_path, small_package):
    cache = tmp_path / "deep" / "cache"
    asked = [Inter(small_package, cache) for _ in range(3)]  # as if in processes of their own
    place = cache / f"inter-{asked[0].digest}.woff2"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"")
    with ThreadPoolExecutor(6) as askers:
        found = set(askers.map(Inter.content, asked * 2))
    assert found == {place.read_bytes()}
    assert place.read_bytes().startswith(b"wOF2")
    assert list(cache.iterdir()) == [place]


def test_where_nothing_can_be_kept_the_typeface_is_served_all_the_same(tmp_path, small_package):
    blocked = tmp_path / "file"
    blocked.write_text("a file where a folder would be")
    assert Inter(small_package, blocked / "cache").content().startswith(b"wOF2")


def test_a_font_that_cannot_be_cut_leaves_the_pages_without(tmp_path):
    package = tmp_path / "package"
    (package / "files").mkdir(parents=True)
    (package / "LICENSE").write_text("free")
    (package / FONT).write_bytes(b"no font")
    inter = Inter(package, tmp_path)
    assert inter.content() is None
    assets = Assets(inter=inter)
    assert assets.respond_inter(assets.digest) is None
    assert Assets().inter_url is None


def test_another_font_has_another_address(small_package):
    one, other = Inter(small_package, None), Inter(PACKAGE, None)
    assert one.digest != other.digest
    assert Assets(inter=one).digest != Assets(inter=other).digest


def test_the_cache_is_the_users(tmp_path):
    assert cache_folder({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "agile-telemetry"
    assert cache_folder({"XDG_CACHE_HOME": "relative"}) == cache_folder({})
    assert installed() is installed()


def test_the_web_application_loads_no_font_tools():
    code = "import sys, web.service; sys.exit('fontTools' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
