"""The soak's load: signed mails at a steady rate, some of VIPs, some in threads, some twice; what is refused is posted again."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections import Counter, deque
from dataclasses import dataclass, field

from tests.faults.desk import Answer, FaultDesk, Mail
from tests.faults.program import Program

PER_SECOND = 5
SHARE_DOUBLED = 0.05
SHARE_FOLLOWING = 0.25
SHARE_VIP = 0.15
VIPS = 8
OPEN_THREADS = 40
AGAIN_AFTER_S = 4.0
"""How soon a mail that was not taken is posted again, with the signature that it had: that one counts for five minutes."""


@dataclass(slots=True)
class Told:
    """What the load has seen. statuses: of all answers, 0 where the connection broke; durations_s: of those with 200."""

    written: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    durations_s: list[float] = field(default_factory=list)

    def add(self, answer: Answer) -> None:
        """Count an answer."""
        self.statuses[answer.status] += 1
        if answer.status == 200:
            self.outcomes[answer.outcome] += 1
            self.durations_s.append(answer.duration_s)


@dataclass(frozen=True, slots=True)
class Thread:
    """Somebody's conversation, by its newest mail."""

    sender: str
    message_id: str


class Load:
    """Posts to whatever stands in `apis` at the moment, also where nobody answers.

    Attributes:
        told: what came of it.
        untaken: mails that were not answered 200 yet, by their word.
    """

    def __init__(self, desk: FaultDesk, apis: list[Program], chance: random.Random) -> None:
        self.told = Told()
        self.untaken: dict[str, Mail] = {}
        self._desk = desk
        self._apis = apis
        self._chance = chance
        self._threads: deque[Thread] = deque(maxlen=OPEN_THREADS)
        self._taken: deque[Mail] = deque(maxlen=100)

    async def run(self, stop: asyncio.Event) -> None:
        """Post until told to stop; then wait for the answers that are out."""
        async with asyncio.TaskGroup() as posts:
            again = posts.create_task(self._post_again())
            while not stop.is_set():
                mail = self._next()
                posts.create_task(self._post(mail))
                await asyncio.sleep(1 / PER_SECOND)
            again.cancel()

    async def post_rest(self) -> None:
        """Post what was not taken yet, once all is well; a second time what was refused even so."""
        for _ in range(2):
            await self._post_untaken()

    async def make_vips(self) -> None:
        """Make customers whose mails go first."""
        for number in range(VIPS):
            await self._desk.rows(
                """INSERT INTO customer (id, shop, email, name, vip, created_at)
                   SELECT gen_random_uuid(), id, $1, 'Vera', true, now() FROM shop WHERE slug = 'desk'
                   ON CONFLICT (shop, email) DO NOTHING""",
                f"vip-{number}@customer.example",
            )

    def _next(self) -> Mail:
        kind = self._chance.random()
        if kind < SHARE_DOUBLED and self._taken:
            return self._chance.choice(self._taken)
        kind -= SHARE_DOUBLED
        message_id = f"<{secrets.token_hex(8)}@customer.example>"
        self.told.written += 1
        if kind < SHARE_FOLLOWING and self._threads:
            earlier = self._threads[self._chance.randrange(len(self._threads))]
            self._threads.append(Thread(earlier.sender, message_id))
            return self._desk.write(from_=earlier.sender, message_id=message_id, in_reply_to=earlier.message_id)
        kind -= SHARE_FOLLOWING
        name = f"vip-{self._chance.randrange(VIPS)}" if kind < SHARE_VIP else f"ada-{secrets.token_hex(6)}"
        sender = f"Ada <{name}@customer.example>"
        self._threads.append(Thread(sender, message_id))
        return self._desk.write(from_=sender, message_id=message_id)

    async def _post(self, mail: Mail) -> None:
        answer = await self._desk.post(mail, api=self._chance.choice(self._apis))
        self.told.add(answer)
        if answer.status == 200:
            self._taken.append(mail)
            self.untaken.pop(mail.word, None)
        else:
            self.untaken[mail.word] = mail

    async def _post_again(self) -> None:
        while True:
            await asyncio.sleep(AGAIN_AFTER_S)
            await self._post_untaken()

    async def _post_untaken(self) -> None:
        # One after the other: a provider has patience too.
        for mail in list(self.untaken.values()):
            await self._post(mail)
