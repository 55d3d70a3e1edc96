"""Write the prompts of a batch into a file for the provider, and upload it. What was asked is recorded before it is asked."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import structlog

from service.batches import provider_statements as statements
from service.batches.provider_statements import Asked, ProviderRun
from service.drafting import Call
from service.drafting.batch_file import PromptFile
from service.drafting.prices import cost_usd
from service.drafting.prompt import render
from service.drafting.provider_batch import ProviderBatches
from service.drafting.types import Prompt
from service.errors import NotFound
from service.suggestions.budget_steps import Step
from service.suggestions.budgets import Budgets
from service.suggestions.context import read_context, shortened_context
from service.suggestions.gated_model import CHARACTERS_OF_TOKEN, USUAL_OUTPUT_TOKENS
from service.suggestions.types import Claim, Context

WRITE_S = 15.0
"""How long prompts are written; what has no room in this time comes with the next file."""

DISCOUNT = Decimal("0.5")
"""The provider's batches cost half. Source: https://platform.openai.com/docs/guides/batch, November 2026."""

_STORED = Decimal("0.0000001")

log = structlog.get_logger()


async def asked_prompt(held: Claim, *, step: Step, today: date) -> tuple[Context, Prompt]:
    """Return what the model is told for a suggestion, and the prompt that says so. Raises NotFound when its message is gone."""
    context = await read_context(held, today=today)
    if step != "full":
        context = shortened_context(context)
    return context, render(context.snapshot)


def hash_of(request: Prompt) -> str:
    """Return what tells this prompt from any other."""
    return sha256(f"{request.version}\0{request.instructions}\0{request.user_text}".encode()).hexdigest()


def discounted_usd(call: Call) -> Decimal | None:
    """Return what a call costs as part of a provider's batch; None when its price is unknown."""
    price_usd = cost_usd(call)
    return None if price_usd is None else (price_usd * DISCOUNT).quantize(_STORED)


def file_name(run: ProviderRun) -> str:
    """Return the name under which a batch's prompts lie at the provider."""
    return f"draftdesk-{run.id}.jsonl"


async def submit(run: ProviderRun, *, provider: ProviderBatches, cheap_model: str, now: datetime) -> str | None:
    """Upload the prompts of the suggestions that wait; return the file's id. Up to a minute; commits.

    None: nothing was uploaded, and what waited goes the ordinary way. A step that died in here leaves at most a file, which the
    next one deletes.

    Raises:
        BatchUnavailable, BatchRefused: of the provider.
    """
    for left_over in await provider.find_files(file_name(run)):
        await provider.delete(left_over)
    await statements.forget_asked(run)
    with provider.new_file() as prompts:
        asked = await _write(run, prompts, provider=provider, cheap_model=cheap_model, now=now)
        if not asked:
            released = await statements.release(run, with_unasked=True)
            log.info("batches.nothing_to_submit", batch_id=str(run.id), released=released)
            return None
        await statements.record_asked(run, asked)
        file_id = await provider.upload(prompts, name=file_name(run))
    if not await statements.record_file(run, file_id, submitted_at=now):
        await provider.delete(file_id)
        return None
    log.info("batches.prompts_uploaded", batch_id=str(run.id), count=len(asked))
    return file_id


async def _write(
    run: ProviderRun, prompts: PromptFile, *, provider: ProviderBatches, cheap_model: str, now: datetime
) -> list[Asked]:
    """Write as many prompts as the time, the file and the shop's budget have room for."""
    deadline = time.monotonic() + WRITE_S
    # Of its own, read once: it counts what this file will cost, which the database learns tomorrow.
    budgets = Budgets(ttl_s=3_600)
    asked: list[Asked] = []
    model: str | None = None
    async for held in _waiting(run):
        plan = await budgets.plan(run.shop_id, is_vip=False, now=now)
        wanted = cheap_model if plan.step == "cheap" and cheap_model else plan.model or provider.model
        # All prompts of a file are for one model.
        if plan.step == "fallback" or time.monotonic() > deadline or (model is not None and wanted != model):
            break
        model = wanted
        try:
            _, request = await asked_prompt(held, step=plan.step, today=now.date())
        except NotFound:
            log.warning("batches.message_gone", suggestion_id=str(held.suggestion_id))
            continue
        if not prompts.add(str(held.suggestion_id), request, model=model):
            break
        asked.append(Asked(held.suggestion_id, hash_of(request), plan.step))
        budgets.spent(run.shop_id, _estimated_usd(request, model))
    return asked


async def _waiting(run: ProviderRun) -> AsyncIterator[Claim]:
    after = UUID(int=0)
    for _ in range(statements.MAX_PARTS):
        part = await statements.waiting(run, after=after)
        for held in part:
            yield held
        if len(part) < statements.PART:
            return
        after = part[-1].suggestion_id


def _estimated_usd(request: Prompt, model: str) -> Decimal:
    length = len(request.instructions) + len(request.user_text)
    call = Call(model=model, duration_s=0, input_tokens=length // CHARACTERS_OF_TOKEN, output_tokens=USUAL_OUTPUT_TOKENS)
    return discounted_usd(call) or Decimal(0)
