"""Server errors and undescribed answers, looked for with requests made from the description."""

import pytest

from tests.depth import in_turn
from tests.security.fuzz import filled_app, fuzz, operations

EXAMPLES = 12  # an operation; `make soak` sends thousands
OPERATIONS, A_DAY = 31, 5


@pytest.mark.slow
@pytest.mark.in_turn
def test_no_request_of_the_description_ends_in_a_fault_or_an_answer_of_another_shape():
    with filled_app() as app:
        every = list(operations(app))
        asked = [fuzz(one, EXAMPLES) for one in in_turn(every, A_DAY)]
    assert len(every) == OPERATIONS
    assert all(statuses.total() > 0 for statuses in asked)
    assert sum(statuses[200] for statuses in asked) > 2 * A_DAY
