"""Drop what Beam says at every import: imported before it, in every process of ours."""

import logging


def _is_worth_showing(record: logging.LogRecord) -> bool:
    # Said wherever Beam's Google Cloud extra is not installed.
    return "apitools not found" not in record.getMessage()


logging.getLogger().addFilter(_is_worth_showing)
