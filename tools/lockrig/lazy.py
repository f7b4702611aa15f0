"""A group of commands that loads one when it is asked for, and none before.

A diagnosis doesn't wait for the simulator to load; what the commands are is the group's own.
"""

import importlib

import click


class LazyGroup(click.Group):
    """Finds a command in `modules`: its name -> the module whose `command` it is."""

    modules: dict[str, str] = {}  # noqa: RUF012 each group has its own

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click names it
        return list(self.modules)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 click names it
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in self.modules:
            return None
        command = importlib.import_module(self.modules[cmd_name]).command
        assert isinstance(command, click.Command)
        return command
