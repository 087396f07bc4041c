"""The API's own page: its order, and what is written exactly so."""

import re

from web.show.coded import coded


def test_what_belongs_together_stands_together(client):
    body = client.get("/api/docs").text
    said = re.findall(r'<h2 id="op-[^"]*"><code>(.*?)</code></h2>', body)
    paths = [one.replace("<wbr>", "").partition(" ")[2] for one in said]
    groups = [re.sub(r"/api/v1/(teams/\{team\}/)?", "", path).partition("/")[0] for path in paths]
    assert groups[:2] == ["teams", "sprints"]
    assert groups[-1] == "runs"
    assert [one for n, one in enumerate(groups) if one != groups[n - 1]] == list(
        dict.fromkeys(groups)
    )


def test_no_backtick_is_left_of_a_code(client):
    body = client.get("/api/docs").text
    assert "`" not in body
    assert "<code>next_cursor</code> of the page before" in body
    assert "(default )" not in body


def test_each_parameter_says_what_it_means(client):
    described = client.get("/api/openapi.json").json()
    for path, methods in described["paths"].items():
        for given in methods.values():
            for one in given.get("parameters", []):
                assert one.get("description"), f"{path}: {one['name']}"


def test_a_code_is_escaped_and_a_single_backtick_stays():
    assert coded("a `b<c>` & d") == "a <code>b&lt;c&gt;</code> &amp; d"
    assert coded("5` <b>") == "5` &lt;b&gt;"
