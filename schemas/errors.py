"""Errors that a user meets: each names the thing, the place and the remedy in one line."""


class UsageError(Exception):
    """The command cannot be carried out as given; the command line exits with code 2."""


class LakeError(Exception):
    """The lake is in a state, or in use in a way, that forbids the work; the command line exits with code 1."""
