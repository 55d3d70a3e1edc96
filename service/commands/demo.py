"""`draftdesk demo`: the whole road, once for each mail of `tests/mails/`, in a place that is gone afterwards."""

from __future__ import annotations

import contextlib
import dataclasses
import signal
import sys
import time
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import click
import httpx2
import msgspec
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from service.commands.database import run_with_pool
from service.commands.demo_shop import Seeded, mail_files, read_shop, seed
from service.commands.mail_file import signed_call
from service.commands.up import start_all
from service.embedded.files import temporary_directory
from service.embedded.programs import api_url
from service.embedded.stack import Stack
from service.settings import Settings

WAIT_S = 60.0
POLL_S = 0.02
FINAL = frozenset({"ready", "failed", "skipped", "superseded"})


class DemoMail(msgspec.Struct, kw_only=True):
    """What became of one mail. `suggestion_ms` runs from the post to the saved suggestion, and includes our polling."""

    file: str
    subject: str
    webhook_ms: float
    suggestion_ms: float | None = None
    status: str = "missing"
    reason_code: str | None = None
    model: str | None = None
    language: str | None = None
    needs_human: bool | None = None
    body: str | None = None


class DemoReport(msgspec.Struct, kw_only=True):
    """The whole demo."""

    ok: bool
    model: str
    mails: list[DemoMail]


@click.command(name="demo")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead.")
@click.option("--keep", is_flag=True, help="Leave it running afterwards, until Ctrl-C.")
def command(as_json: bool, keep: bool) -> None:
    """Start everything in a temporary place, post a dozen support mails as signed webhooks, print each suggestion.

    Each mail is drafted at once: the pause for further mails (DRAFTDESK_COALESCE_PAUSE_S) is off here.
    Without OPENAI_API_KEY a stand-in model writes the drafts. Exits with 1 when a mail has no suggestion.
    """
    given = Settings.from_env()
    settings = dataclasses.replace(given, database_url="", redis_url="", port=0, metrics_port=0, coalesce_pause_s=0.0)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with temporary_directory("draftdesk-demo-") as directory, Stack(settings, directory / "demo", quiet=True) as stack:
        with _progress(as_json) as progress:
            progress.add_task("starting PostgreSQL, Valkey, the API and a worker")
            started = start_all(stack)
            seeded = run_with_pool(lambda: seed(read_shop()))
        mails = _post_all(api_url(started), seeded, as_json=as_json)
        report = DemoReport(ok=all(mail.status in {"ready", "skipped"} for mail in mails), model=started.openai_model, mails=mails)
        if as_json:
            click.echo(msgspec.json.format(msgspec.json.encode(report), indent=2))
        else:
            _print_summary(report)
        if keep:
            stack.write_run_file(started)
            _wait(started, directory / "demo", seeded)
    raise SystemExit(0 if report.ok else 1)


def _post_all(url: str, seeded: Seeded, *, as_json: bool) -> list[DemoMail]:
    """Post one mail after the other, each when the one before has its suggestion, so that a reply finds its thread drafted."""
    mails: list[DemoMail] = []
    with httpx2.Client(base_url=url, timeout=30, headers={"authorization": f"Bearer {seeded.api_key}"}) as client:
        for path in mail_files():
            with _progress(as_json) as progress:
                progress.add_task(path.stem)
                mails.append(_post(client, seeded, path))
            if not as_json:
                _print_mail(mails[-1])
    return mails


def _post(client: httpx2.Client, seeded: Seeded, path: Path) -> DemoMail:
    raw = path.read_bytes()
    source = seeded.source
    call = signed_call(raw, provider=source.provider, secret=source.secrets[0])
    started_at = time.perf_counter()
    response = client.post(f"/webhooks/{source.provider}/{source.id}", content=call.body, headers=call.headers)
    webhook_ms = (time.perf_counter() - started_at) * 1000
    subject = str(BytesParser(policy=default).parsebytes(raw, headersonly=True).get("subject", ""))
    mail = DemoMail(file=path.name, subject=subject, webhook_ms=round(webhook_ms, 1))
    suggestion_id = response.json().get("suggestion_id") if response.is_success else None
    if suggestion_id is None:
        return mail
    suggestion = _await_suggestion(client, suggestion_id, deadline=started_at + WAIT_S)
    if suggestion["status"] in FINAL:
        mail.suggestion_ms = round((time.perf_counter() - started_at) * 1000, 1)
    for name in ("status", "reason_code", "model", "language", "needs_human", "body"):
        setattr(mail, name, suggestion[name])
    return mail


def _await_suggestion(client: httpx2.Client, suggestion_id: str, *, deadline: float) -> dict[str, Any]:
    while True:
        suggestion: dict[str, Any] = client.get(f"/v1/suggestions/{suggestion_id}").raise_for_status().json()["suggestion"]
        if suggestion["status"] in FINAL or time.perf_counter() > deadline:
            return suggestion
        time.sleep(POLL_S)


def _progress(as_json: bool) -> Progress:
    """Return a spinner on stderr; rich shows none when that is no terminal."""
    console = Console(stderr=True)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=as_json or not console.is_terminal,
    )


def _print_mail(mail: DemoMail) -> None:
    took = "no suggestion" if mail.suggestion_ms is None else f"suggestion {mail.suggestion_ms:.0f} ms"
    status = f"{mail.status} ({mail.reason_code})" if mail.reason_code else mail.status
    click.echo(f"{mail.file}  {mail.subject}")
    click.echo(f"  webhook {mail.webhook_ms:.1f} ms, {took}, {status}, model: {mail.model or 'not asked'}")
    for line in (mail.body or "").splitlines():
        click.echo(f"  | {line}")
    click.echo()


def _print_summary(report: DemoReport) -> None:
    counts = {status: sum(mail.status == status for mail in report.mails) for status in {mail.status for mail in report.mails}}
    slowest = max(mail.webhook_ms for mail in report.mails)
    told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    click.echo(f"{len(report.mails)} mails: {told}; slowest webhook {slowest:.1f} ms; model: {report.model}")


def _wait(started: Settings, directory: Path, seeded: Seeded) -> None:
    click.echo(f"\nStill running until Ctrl-C: {api_url(started)}/schema", err=True)
    click.echo(f"Its commands: DRAFTDESK_DATA_DIR={directory} draftdesk ...", err=True)
    click.echo(f"Its API key: {seeded.api_key}", err=True)
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()
