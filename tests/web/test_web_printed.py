"""What stands at the foot of every page of paper: which page of the application it is."""

import re
from html import escape

from hypothesis import given
from hypothesis import strategies as st

from web.show.printed import css_string


@given(st.text())
def test_no_title_ends_the_string_or_its_element_and_each_is_read_as_it_is(title):
    made = css_string(escape(title))
    inner = str(made)[1:-1]
    assert str(made) == f'"{inner}"'
    assert re.fullmatch(r"(?:[A-Za-z0-9 ]|\\[0-9a-f]+ )*", inner)
    read = re.sub(r"\\([0-9a-f]+) ", lambda sign: chr(int(sign[1], 16)), inner)
    assert read == title


def test_a_page_names_itself_at_its_foot_on_paper(client):
    page = client.get("/teams/k8s/sprints").text
    assert re.search(r'<style>@media print .*content: "Sprints', page)
