"""`python -m service` is `draftdesk`."""

from service.cli import main

main()
