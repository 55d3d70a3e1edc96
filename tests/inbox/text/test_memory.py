"""What a hostile mail may cost in memory: it grows with the mail, and by so little that five at once do not matter.

Each is read in a process of its own, since libxml2's memory shows in the process only.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

MAX_MB = 200
"""For a mail of one megabyte. What selectolax and inscriptis took before: 741 MB for 29 kB, 919 MB for 100 kB."""

READ = """
import resource, sys
from service.inbox.text.reading import read_text

def peak_kb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

mail = eval(sys.argv[1])
before = peak_kb()
read = read_text(*mail)
print((peak_kb() - before) // 1024, len(read.reply) + len(read.quoted) + len(read.signature))
"""


def measure(mail: str) -> tuple[int, int]:
    """Read the mail that this expression makes; return the megabytes that it took and the characters that came out."""
    done = subprocess.run([sys.executable, "-c", READ, mail], capture_output=True, text=True, check=True)
    megabytes, length = done.stdout.split()
    return int(megabytes), int(length)


@pytest.mark.parametrize(
    "mail",
    [
        "('x ' * 20_000, None)",
        "('On 2026 ' * 5_000, None)",
        "('On Mon, Nov 23, 2026 at 10:15 AM Shop <a@b.example> wrote:\\n> a\\n' * 10_000, None)",
        "('x\\nFrom: a\\nSent: b\\n' * 10_000, None)",
        "('\\u200b' * 1_000_000 + 'x', None)",
        "('', '<div>' * 400 + 'deep')",
        "('', '<b><table><tr><td><p>' * 1_400)",
        "('', '<a><b><i><font>' * 1_900 + 'x')",
        "('', '<p><b id=1>' * 90_000)",
        "('', '<table>' + '<tr><td>' * 60_000 + 'x' * 500_000)",
        "('', '<table>' + ''.join('<tr>' + '<td>' * n + 'x' * 1_500 for n in range(300)))",
        "('', '<p style=margin-top:9999999em;padding-left:9999999em>x' * 18_000)",
        "('', '<b>x</b>' * 125_000)",
        "('', '<blockquote>' * 190 + 'x<br>' * 200_000)",
        "('', '<ul>' * 190 + '<li>x' * 200_000)",
        "('', '<ul><li>' * 90 + '<pre>' + 'x\\n' * 500_000)",
        "('', '<pre>' + '\\n' * 1_000_000 + 'x')",
        "('', '<title>' + '<b>x' * 250_000)",
    ],
)
def test_read_text_when_the_mail_is_hostile_then_memory_grows_with_its_length_only(mail: str) -> None:
    megabytes, length = measure(mail)

    assert (megabytes < MAX_MB, length < 10_000_000) == (True, True), (megabytes, length)
