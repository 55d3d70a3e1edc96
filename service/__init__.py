"""Draftdesk: the API, the domain and the command line."""

__version__ = "0.1.0"
