"""A simulated Jira that speaks HTTP as Cloud and Data Center do; it shares nothing with the bot.

`demo_world` makes a year of teams, `running` serves a world, `Life` lets it go on living.
"""

from bot.simulator.app import create_app
from bot.simulator.demo_configuration import demo_configuration
from bot.simulator.generate import DemoWorld, demo_world
from bot.simulator.life import Life, step
from bot.simulator.options import Options, RequestLog, Served
from bot.simulator.server import RunningSite, running
from bot.simulator.world import World

__all__ = [
    "DemoWorld",
    "Life",
    "Options",
    "RequestLog",
    "RunningSite",
    "Served",
    "World",
    "create_app",
    "demo_configuration",
    "demo_world",
    "running",
    "step",
]
