"""The command line. Each command's module is imported when it is asked for: `--help` must not wait for the OpenAI SDK."""

from __future__ import annotations

import importlib
import sys

import click

from service import __version__

_COMMANDS = {
    "up": ("service.commands.up", "Run everything: database, broker, API and worker."),
    "demo": ("service.commands.demo", "Watch a dozen support mails become suggestions."),
    "doctor": ("service.commands.doctor", "Check what Draftdesk needs, with the mend for what is missing."),
    "relay": ("service.commands.relay", "Run the relay alone, for APIs that run without one."),
    "healthcheck": ("service.commands.healthcheck", "Say whether a worker works; for containers."),
    "migrate": ("service.commands.migrate", "Bring the database to this program's schema."),
    "shop": ("service.commands.shop", "Make shops, list them, set their model and budget."),
    "key": ("service.commands.key", "Make API keys."),
    "source": ("service.commands.source", "Make webhook endpoints, list them, change their secrets."),
    "deliveries": ("service.commands.deliveries", "List what the webhooks brought, and read it again."),
    "dead-letters": ("service.commands.dead_letters", "List suggestions that failed, and have them drafted again."),
    "batch": ("service.commands.batch", "Have many messages drafted again, behind all others."),
    "queue": ("service.commands.queue", "Show what lies in the queues, and who works on it."),
    "orders": ("service.commands.orders", "Load a shop's orders from a file."),
    "articles": ("service.commands.articles", "Load a shop's policies and answers from Markdown files."),
    "costs": ("service.commands.costs", "Show what a shop's suggestions cost in a month."),
    "eval": ("service.commands.eval", "Judge the model's drafts of known cases; compare prompts."),
    "purge": ("service.commands.purge", "Delete old raw deliveries."),
    "send": ("service.commands.send", "Post a mail file as a signed webhook."),
}


class LazyGroup(click.Group):
    """Knows its commands by name and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order in which a newcomer needs them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import one command."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(_COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in _COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="draftdesk")
def group() -> None:
    """Turns support e-mail into reply suggestions before anyone opens it."""


def main() -> None:
    """Run the command line; our own errors are a sentence and exit code 1, never a traceback."""
    from service.errors import ServiceError  # noqa: PLC0415 - --help needs none of it
    from service.settings import SettingsError  # noqa: PLC0415

    try:
        group(prog_name="draftdesk")
    except (ServiceError, SettingsError) as error:
        click.echo(f"draftdesk: {error}", err=True)
        sys.exit(1)
