"""A story of two teams with a few hundred issues, for pulls that are stopped midway."""

from tests.pulled import DONE, Story, a_team, on

TEAMS = [a_team(), a_team("web", "WEB")]


def busy_story(issues: int) -> Story:
    """Two projects with a running sprint each, work logs and changes."""
    story = Story()
    web = story.world.add_project("WEB", "Web", lead=2)
    board = story.world.add_board(web.id, "WEB board")
    sprints = {
        story.project.id: story.sprint(on(1, 10)),
        web.id: story.sprint(on(1, 10), board=board.id),
    }
    for number in range(issues):
        project = (story.project.id, web.id)[number % 2]
        sprint = sprints[project].id if number % 3 else None
        issue = story.issue(number % 5, project=project, sprint=sprint)
        if number % 4 == 0:
            story.log(issue, on(2, 9 + number / 100), 0.5)
        if number % 7 == 0:
            story.world.transition(issue, DONE, on(3))
    return story
