"""Server errors and undescribed answers, looked for with requests made from the description."""

from tests.security.fuzz import filled_app, fuzz, operations

EXAMPLES = 12  # an operation: some 200 requests; `make soak` sends thousands


def test_no_request_of_the_description_ends_in_a_fault_or_an_answer_of_another_shape():
    with filled_app() as app:
        asked = {one.label: fuzz(one, EXAMPLES) for one in operations(app)}
    assert len(asked) == 15
    assert sum(statuses[200] for statuses in asked.values()) > 30
