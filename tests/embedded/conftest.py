"""A folder for embedded servers, and the account they run as here."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.embedded.account import Account, lower_account


@pytest.fixture
def account() -> Account | None:
    """The account that servers run as: `nobody` when we are root, otherwise us."""
    return lower_account("nobody")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty folder that the account can pass through; pytest's own lie under a closed one."""
    folder = Path(tempfile.mkdtemp(prefix="draftdesk-"))
    if os.geteuid() == 0:
        folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)
