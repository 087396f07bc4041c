"""Impediments that say nearly the same."""

from hypothesis import given
from hypothesis import strategies as st

from telemetry.metrics.recurring import SIMILAR, recurring, tokens_of

ROUTES = {
    1: "Waiting for the network team to open billing routes",
    2: "Customer asks for a refund",
    3: "Waiting for the network team to open DNS routes",
    4: "Waiting for the network team to open K8S-12 routes",
}
a_summary = st.lists(st.sampled_from(["disk", "full", "node", "down", "slow", "网络故障"])).map(
    " ".join
)
summaries = st.dictionaries(st.integers(1, 60), a_summary, max_size=20)


def found(*texts: str, fewest: int = 3) -> list[tuple[str, tuple[int, ...]]]:
    groups = recurring(dict(enumerate(texts, 1)), fewest)
    return [(group.pattern, group.issue_ids) for group in groups]


def test_similar_summaries_are_a_group_that_shows_what_varies():
    [group] = recurring(ROUTES)
    assert group.issue_ids == (1, 3, 4)
    assert group.pattern == "Waiting for the network team to open … routes"


def test_two_of_a_kind_may_be_chance():
    assert found("Disk full", "Disk full") == []
    assert found("Disk full", "Disk full", fewest=2) == [("Disk full", (1, 2))]


def test_numbers_keys_case_and_small_words_do_not_tell_summaries_apart():
    texts = ("Outage 12 of registry", "The registry OUTAGE (OPS-7)", "2nd outage, registry")
    [(_, ids)] = found(*texts)
    assert ids == (1, 2, 3)


def test_a_plural_is_its_singular():
    assert tokens_of("Tickets blocked") == tokens_of("ticket blocked")
    assert tokens_of("Access") == {"access"}


def test_chinese_counts_by_pairs_of_characters():
    assert tokens_of("网络故障") == {"网络", "络故", "故障"}
    texts = ("北京机房网络故障", "上海机房网络故障", "广州机房网络故障 3")
    [(pattern, ids)] = found(*texts)
    assert ids == (1, 2, 3)
    assert pattern == "…机房网络故障"


def test_chinese_between_latin_words_is_compared_too():
    assert tokens_of("Node节点down 3") == {"node", "节点", "down"}


def test_summaries_without_words_are_never_similar():
    assert found("12", "13", "???", "OPS-1", "") == []


def test_different_causes_stay_apart():
    assert found("Disk full", "Vendor fix missing", "Tests fail", "VPN unstable") == []


def test_the_largest_group_comes_first():
    texts = ["Vendor fix missing"] * 3 + ["Disk full"] * 4
    assert [ids for _, ids in found(*texts)] == [(4, 5, 6, 7), (1, 2, 3)]


def test_markup_in_summaries_stays_as_it_is():
    [(pattern, _)] = found(*(f"Page <b>bold</b> & broken {n}" for n in range(3)))
    assert pattern == "Page <b>bold</b> & broken …"


@given(summaries, st.randoms())
def test_the_order_of_the_issues_changes_nothing(given_summaries, random):
    items = list(given_summaries.items())
    random.shuffle(items)
    assert recurring(dict(items)) == recurring(given_summaries)


@given(summaries)
def test_groups_share_no_issue_and_hold_all_that_is_similar(given_summaries):
    groups = recurring(given_summaries, fewest=1)
    ids = [issue_id for group in groups for issue_id in group.issue_ids]
    sets = {i: tokens_of(text) for i, text in given_summaries.items()}
    assert sorted(ids) == sorted(i for i, tokens in sets.items() if tokens)
    group_of = {i: group for group in groups for i in group.issue_ids}
    for one in ids:
        for other in ids:
            if len(sets[one] & sets[other]) >= SIMILAR * len(sets[one] | sets[other]):
                assert group_of[one] is group_of[other]


def test_summaries_that_share_less_than_half_of_their_words_are_not_similar():
    assert found("Disk full", "Disk slow on node", "Disk of vendor broken") == []
    assert found("Disk full today", "Disk full", "Disk full again today") != []


def test_half_of_all_words_is_enough():
    halves = ("Router broken", "Router", "Router hums")  # each shares its half with the second
    [(pattern, ids)] = found(*halves)
    assert (pattern, ids) == ("Router", (1, 2, 3))
    assert found("Alpha beta gamma", "Alpha beta delta epsilon", fewest=2) == []  # 2 of 5


def test_the_middle_of_a_chain_joins_its_ends_whatever_comes_first():
    chain = ("Alpha beta", "Gamma delta", "Beta gamma alpha delta")
    [(_, ids)] = found(*chain)
    assert ids == (1, 2, 3)


def test_a_word_is_shared_where_more_than_half_have_it():
    texts = ("Disk full node", "Disk full rack", "Disk full", "Disk full node")
    assert found(*texts) == [("Disk full", (1, 2, 3, 4))]
    shown = found("Disk full on alpha", "Disk full on beta", "Disk full on gamma")
    assert shown == [("Disk full on …", (1, 2, 3))]


def test_short_words_keep_their_s_and_longer_ones_lose_it():
    assert tokens_of("bus gas buses disks logs") == {"bus", "gas", "buse", "disk", "log"}


def test_single_letters_and_single_characters():
    assert tokens_of("x disk y") == {"disk"}
    assert tokens_of("网") == {"网"}
    assert tokens_of("3rd ipv6 k8s") == {"ipv6", "k8s"}


def test_words_that_say_nothing_and_keys_are_left_out_and_short_names_are_not():
    assert tokens_of("Waiting for the disk of OPS-7 after all") == {"waiting", "disk"}
    assert tokens_of("DB on VM, en panne, für Kunden") == {"db", "vm", "panne", "kunden"}
