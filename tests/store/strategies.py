"""Arbitrary histories, as the translation may hand them to the store."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from telemetry.domain.models import Change, Field, Issue, IssueHistory, WorkLog

SITE = "jira"
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
EARLIEST = datetime(1999, 1, 1, tzinfo=UTC)
instants = st.integers(0, 41 * 365 * 24 * 3600 * 1000).map(
    lambda milliseconds: EARLIEST + timedelta(milliseconds=milliseconds)
)
ids = st.integers(1, 2**53)
sprint_ids = st.lists(st.integers(1, 9), unique=True, max_size=3).map(tuple)
sprint_values = sprint_ids.map(lambda values: ",".join(map(str, values)))
authors = st.none() | st.text("0123456789abcdef", min_size=16, max_size=16)


@st.composite
def changes(draw):
    field = draw(st.sampled_from(Field))
    values = sprint_values if field is Field.SPRINT else st.none() | texts
    return Change(
        draw(st.integers(1, 6)),
        draw(st.integers(0, 2)),
        draw(instants),
        field,
        draw(st.none() | st.just("customfield_10016")),
        draw(values),
        draw(values),
        draw(authors),
        draw(st.none() | texts),
        draw(st.none() | texts),
    )


work_logs = st.builds(
    WorkLog,
    id=st.integers(1, 6),
    started_at=instants,
    seconds=st.integers(0, 10**6),
    author=authors,
    created_at=st.none() | instants,
    updated_at=st.none() | instants,
)
issues = st.builds(
    Issue,
    site=st.just(SITE),
    id=st.integers(1, 5),
    key=st.from_regex(r"[A-Z]{2,5}-[1-9][0-9]{0,4}", fullmatch=True),
    project_key=st.sampled_from(["WEB", "K8S"]),
    summary=texts,
    type_name=texts,
    is_subtask=st.booleans(),
    is_epic=st.booleans(),
    status_id=st.sampled_from(["1", "3", "10001"]),
    created_at=instants,
    updated_at=instants,
    parent_id=st.none() | ids,
    epic_id=st.none() | ids,
    labels=st.lists(texts, max_size=3).map(tuple),
    components=st.lists(texts, max_size=3).map(tuple),
    is_flagged=st.booleans(),
    estimates=st.dictionaries(texts, st.none() | st.floats(0, 1e9), max_size=2),
    natures=st.dictionaries(texts, st.lists(texts, max_size=2).map(tuple), max_size=2),
    sprint_ids=sprint_ids,
    resolved_at=st.none() | instants,
)
histories = st.builds(
    IssueHistory,
    issues,
    st.lists(changes(), max_size=5, unique_by=lambda c: (c.history_id, c.ordinal)).map(
        lambda values: tuple(sorted(values, key=lambda c: (c.at, c.history_id, c.ordinal)))
    ),
    st.lists(work_logs, max_size=4, unique_by=lambda log: log.id).map(
        lambda values: tuple(sorted(values, key=lambda log: log.id))
    ),
)
pages = st.lists(histories, max_size=5, unique_by=lambda history: history.issue.id)
