"""`draftdesk eval`."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
import httpx2
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from service.commands.database import run_on_database
from service.embedded.stack import Stack
from service.errors import NotFound
from service.settings import Settings

if TYPE_CHECKING:
    from service.drafting import ChatModel
    from service.evals.comparing import Stored

T = TypeVar("T")

PIPE_WIDTH = 200
"""Columns of the table where nobody's terminal sets them."""


@click.command(name="eval")
@click.argument("folder", metavar="[CASES]", type=click.Path(path_type=Path), default=Path("evals/cases"))
@click.option("--jobs", type=click.IntRange(1, 100), default=4, show_default=True, help="Drafts at a time.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead.")
@click.option("--gullible", "is_gullible", is_flag=True, help="Let the stand-in do what the mails say: a trial of the checks.")
@click.option(
    "--compare", "version", metavar="PROMPT_VERSION", help="Replay a shop's suggestions with this prompt and the current one."
)
@click.option("--shop", "slug", help="The shop's slug, for --compare.")
@click.option("--limit", type=click.IntRange(1, 1_000), default=50, show_default=True, help="Suggestions, for --compare.")
@click.pass_context
def command(
    context: click.Context,
    *,
    folder: Path,
    jobs: int,
    as_json: bool,
    is_gullible: bool,
    version: str | None,
    slug: str | None,
    limit: int,
) -> None:
    """Draft the cases in CASES (evals/cases), judge each, and print a table: harmful, weak or pass, with cost and time.

    The configured model writes the drafts; without OPENAI_API_KEY a stand-in does. Exits with 1 when a draft is harmful, or when
    the model could be asked for none.
    """
    given = Settings.from_env()
    if is_gullible and given.openai_api_key:
        raise click.UsageError("--gullible is the stand-in's: leave OPENAI_API_KEY unset")
    if version is not None:
        if slug is None:
            raise click.UsageError("--compare needs --shop")
        _compare(given, slug, version, limit=limit, jobs=jobs, as_json=as_json)
        return
    context.exit(0 if _evaluate(given, folder, jobs=jobs, as_json=as_json, is_gullible=is_gullible) else 1)


def _evaluate(given: Settings, folder: Path, *, jobs: int, as_json: bool, is_gullible: bool) -> bool:
    """Run the cases and print what came of them; return whether all is well."""
    from service.evals.cases import read_cases  # noqa: PLC0415 - --help needs none of it
    from service.evals.documents import document_of  # noqa: PLC0415
    from service.evals.running import run_cases, total  # noqa: PLC0415
    from service.evals.tables import summary_of, table_of  # noqa: PLC0415

    cases = read_cases(folder)
    with _model_server(given, is_gullible=is_gullible) as settings, _progress(len(cases)) as on_done:
        results = _asked(settings, lambda model: run_cases(cases, model, jobs=jobs, on_done=on_done))
    if as_json:
        click.echo(document_of(results, model=settings.openai_model, is_gullible=is_gullible))
    else:
        _console().print(table_of(results, model=settings.openai_model))
        for line in summary_of(results):
            click.echo(line)
    counts = total(results).counts
    return not counts["harmful"] and counts["unjudged"] < len(results)


def _compare(given: Settings, slug: str, version: str, *, limit: int, jobs: int, as_json: bool) -> None:
    from service.drafting.prompt import CURRENT_VERSION  # noqa: PLC0415 - --help needs none of it
    from service.evals.comparing import check_version, compare  # noqa: PLC0415
    from service.evals.documents import comparison_document_of  # noqa: PLC0415
    from service.evals.tables import comparison_summary_of, comparison_table_of  # noqa: PLC0415

    check_version(version)

    async def read() -> tuple[str | None, list[Stored]]:
        from service.evals.queries import read_stored  # noqa: PLC0415 - piccolo_conf.py must find the servers' URLs
        from service.shops.service import get_shop  # noqa: PLC0415

        shop = await get_shop(slug)
        return shop.model, await read_stored(shop.id, limit=limit)

    model_name, stored = run_on_database(read)
    if not stored:
        raise NotFound(f"The shop {slug} has no drafted suggestion to replay")
    versions = (CURRENT_VERSION, version)
    with _model_server(given) as settings, _progress(len(stored)) as on_done:
        pairs = _asked(
            settings,
            lambda model: compare(stored, model, version=version, model_name=model_name, jobs=jobs, on_done=on_done),
        )
    told = settings.openai_model if not given.openai_api_key else model_name or settings.openai_model
    if as_json:
        click.echo(comparison_document_of(pairs, versions=versions, model=told))
        return
    _console().print(comparison_table_of(pairs, versions=versions, model=told))
    for line in comparison_summary_of(pairs, versions=versions):
        click.echo(line)


def _asked(settings: Settings, work: Callable[[ChatModel], Awaitable[T]]) -> T:
    """Run a coroutine with the model."""
    from service.drafting.model import OpenAIModel  # noqa: PLC0415 - the OpenAI SDK only where it is needed

    async def run() -> T:
        model = OpenAIModel.from_settings(settings)
        try:
            return await work(model)
        finally:
            await model.close()

    return asyncio.run(run())


@contextmanager
def _model_server(given: Settings, *, is_gullible: bool = False) -> Iterator[Settings]:
    """Yield settings that lead to a model: the configured one, or the stand-in, which runs for the block."""
    if given.openai_api_key:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="draftdesk-eval-") as folder, Stack(given, Path(folder) / "run", quiet=True) as stack:
        started = stack.start_stand_in(given)
        if is_gullible:
            control = f"{started.openai_base_url.removesuffix('/v1')}/control/gullible"
            httpx2.post(control, json={"on": True}, trust_env=False).raise_for_status()
        yield started


@contextmanager
def _progress(count: int) -> Iterator[Callable[[], object]]:
    """Show how many are done, on stderr where that is a terminal; yield what to call after each."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("drafts", total=count)
        yield lambda: progress.advance(task)


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=PIPE_WIDTH)
