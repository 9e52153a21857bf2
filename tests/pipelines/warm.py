"""What a server of child processes imports once: all of the command line, with its models loaded."""

import importlib

from transforms.entities.find import find_entities
from transforms.language.detect import detect_batch

# In this order: the first silences what the others say when they are imported.
for name in ("prelude", "commands.ingest", "commands.query", "commands.replay", "dry_run", "progress", "run"):
    importlib.import_module(f"pipelines.{name}")

detect_batch(["The library reopened on Monday.", "Die Bibliothek öffnet am Montag wieder."], "default")
find_entities("Angela Merkel in Paris", "Angela Merkel visited Paris on Monday.", "en")
