"""The simulated Jira as people act on it: every act writes what Jira would write, no more.

Values given at creation leave no change. Each act takes its instant as the last argument.
"""

from bot.simulator.administration import Administration
from bot.simulator.issue_moves import IssueMoves
from bot.simulator.issue_places import IssuePlaces
from bot.simulator.sight import Sight
from bot.simulator.sprint_acts import SprintActs
from bot.simulator.work_log_acts import WorkLogActs


class World(SprintActs, WorkLogActs, IssuePlaces, IssueMoves, Administration, Sight):
    """One site with all acts; the same acts give the same ids."""
