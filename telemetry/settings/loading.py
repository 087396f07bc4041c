"""From a file and the environment to checked settings, or to all their problems at once."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from re import findall
from typing import Any

from pydantic import ValidationError

from telemetry.errors import ConfigurationError
from telemetry.settings.absences import read_files
from telemetry.settings.alert_references import alert_problems
from telemetry.settings.digest_references import digest_problems
from telemetry.settings.environment import overlay
from telemetry.settings.models import Settings
from telemetry.settings.problems import Problem, problem_of, shown
from telemetry.settings.sites import JiraSettings
from telemetry.settings.source import Key, Source, read_source
from telemetry.settings.values import nearest

DEFAULT_SITE = "default"
MOST_SHOWN = 50  # errors
MOST_LOOKED_AT = 1000
NULLABLE = ("quiet_hours",)  # what can be switched off by null
ENOUGH_ALONE = ("TELEMETRY_JIRA", "TELEMETRY_TEAMS")  # who sets these may do without a file


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """The configuration in `path`, with values of `TELEMETRY_…` variables over it.

    Without a file the environment alone has to say enough. Relative paths of the configuration
    stand in the file's folder, or in the present one without a file.
    Raises ConfigurationError that lists every problem.
    """
    if path is None and not any(name.startswith(ENOUGH_ALONE) for name in environ):
        raise ConfigurationError(
            f"there is no telemetry.yml in {Path.cwd()}; write it as the README shows, or name "
            "another file with -c."
        )
    source = read_source(path)
    problems = overlay(source, environ)
    _make_uniform(source)
    base = path.absolute().parent if path else Path.cwd()
    files = list(read_files(source, base))
    problems += [
        Problem(source.place(key), shown(key, source), sentence)
        for key, sentence, _ in files
        if sentence
    ]
    problems += _references(source)
    try:
        settings = Settings.model_validate(source.tree)
    except ValidationError as error:
        problems += [
            problem_of(detail, source, Settings)
            for detail in error.errors(include_url=False)[:MOST_LOOKED_AT]
            if not (
                detail["type"] == "too_short" and source.value(detail["loc"])
            )  # items are wrong
        ]
        raise _all(problems, source) from None
    if problems:
        raise _all(problems, source)
    places = {key: f"{place}: {shown(key, source)}" for key, place in source.places.items()}
    return settings.at(base, places, tuple(file for _, _, file in files if file is not None))


def _all(problems: list[Problem], source: Source) -> ConfigurationError:
    """One error of all problems, in the order of the file, those of the environment last."""
    unique = sorted(dict.fromkeys(problems), key=lambda problem: _line(problem.place))
    count = "1 error" if len(unique) == 1 else f"{len(unique)} errors"
    shown, left = unique[:MOST_SHOWN], len(unique) - MOST_SHOWN
    more = [f"and {left} more."] if left > 0 else []
    lines = [f"{source.title} has {count}:", *map(str, shown), *more]
    return ConfigurationError("\n  ".join(lines))


def _line(place: str) -> tuple[bool, int, str]:
    numbers = findall(r":(\d+)$", place)
    return not numbers, int(numbers[0]) if numbers else 0, place


def _make_uniform(source: Source) -> None:
    """Name the single Jira, leave out empty blocks, give teams the only site there is."""
    tree = source.tree
    for name in [name for name, value in tree.items() if value is None and name not in NULLABLE]:
        del tree[name]
    jira = tree.get("jira")
    if isinstance(jira, dict) and (
        not jira or not JiraSettings.model_fields.keys().isdisjoint(jira)
    ):
        tree["jira"] = {DEFAULT_SITE: jira}
        moved = {_below_site(key): place for key, place in source.places.items()}
        source.places = moved | (
            {("jira",): source.place(("jira",))} if ("jira",) in source.places else {}
        )
    sites = _names(tree.get("jira"))
    if len(sites) == 1:
        for team in _blocks(tree, "teams"):
            team.setdefault("site", sites[0])


def _below_site(path: Key) -> Key:
    return ("jira", DEFAULT_SITE, *path[1:]) if path[:1] == ("jira",) else path


def _references(source: Source) -> list[Problem]:
    """What is wrong between values: names that stand nowhere else, keys used twice or together."""
    tree = source.tree
    found = [
        *_team_problems(tree),
        *_sign_in_problems(tree),
        *alert_problems(tree),
        *digest_problems(tree),
    ]
    return [Problem(source.place(path), shown(path, source), sentence) for path, sentence in found]


def _team_problems(tree: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    sites = _names(tree.get("jira"))
    seen: set[str] = set()
    for index, team in _numbered(tree, "teams"):
        site = team.get("site")
        if sites and site is None:
            yield ("teams", index, "site"), f"is missing; add one of the sites {', '.join(sites)}"
        elif sites and str(site) not in sites:
            yield ("teams", index, "site"), f"{site!r} is not under jira{nearest(str(site), sites)}"
        key = team.get("key")
        if key is not None and str(key) in seen:
            yield ("teams", index, "key"), f"{key!r} is the key of an earlier team; rename one"
        seen.add(str(key))
        if team.get("board") is not None and team.get("boards"):
            yield ("teams", index, "boards"), "stands beside board; keep one of them"
        boards = team.get("boards")
        if isinstance(boards, list):
            named = [str(board) for board in boards]
            for board in dict.fromkeys(one for one in named if named.count(one) > 1):
                yield ("teams", index, "boards"), f"board {board} stands there twice; keep one"


def _sign_in_problems(tree: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    for site, block in (tree.get("jira") or {}).items() if _names(tree.get("jira")) else ():
        auth = block.get("auth") if isinstance(block, dict) else None
        if not isinstance(auth, dict):
            continue
        kind = auth.get("kind", "token")
        if kind in ("token", "basic") and not auth.get("user"):
            yield (
                ("jira", site, "auth", "user"),
                f"is missing, and kind {kind} needs it; add user: NAME",
            )


def _names(tree: Any) -> list[str]:
    return [str(name) for name in tree] if isinstance(tree, dict) else []


def _numbered(tree: Mapping[str, Any], name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    blocks = tree.get(name)
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        if isinstance(block, dict):
            yield index, block


def _blocks(tree: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return [block for _, block in _numbered(tree, name)]
