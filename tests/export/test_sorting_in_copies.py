"""Tables of saved pages sort in a browser as the application sorts them, without a server."""

import pytest

from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.app import create_app
from web.export.asking import ask, completed
from web.export.single import single

ROWS = """([place, text]) => {
    const page = text ? new DOMParser().parseFromString(text, "text/html") : document;
    const table = page.querySelector(place);
    return [...table.tBodies[0].rows].map((row) => row.cells[0].textContent.trim());
}"""


@pytest.fixture(scope="module")
def app():
    return create_app(FakeReports(), access_token=None, allowed_hosts=(), clock=lambda: NOW)


def asked(app, address):
    answer = completed(ask(app, address))
    assert answer.status == 200, address
    return answer.body.decode()


PAGES = {
    "/": ("table.teams", "team", "sprint", "done", "behind", "impediments", "kept", "age"),
    "/teams/k8s": ("#results table", "key", "type", "status", "points", "outcome", "hours"),
    "/portfolio": (
        "table.roadmap:not(.programs)",
        "team",
        "risk",
        "done",
        "date",
        "chance",
        "growth",
        "open",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("address", PAGES)
def test_a_saved_table_sorts_as_the_application_does(app, browser, tmp_path, address):
    file = tmp_path / "page.html"
    file.write_text(single(asked(app, address), address, app.state.assets, ""))
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(file.as_uri())
    place, *columns = PAGES[address]
    for column in columns:
        for sort in (column, f"-{column}"):
            button = page.locator(f"{place} th[data-column={column}] button.sort")
            if sort.startswith("-") or not button.evaluate("b => b.classList.contains('on')"):
                button.click()
            served = asked(app, f"{address}?sort={sort}")
            assert page.evaluate(ROWS, [place, ""]) == page.evaluate(ROWS, [place, served]), sort
    assert page.locator(f"{place} th[aria-sort]").count() == 1
    page.close()
    assert wrong == []
