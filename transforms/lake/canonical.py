"""Which story of a family the view names: a policy of the reader, the same whatever came first."""

from schemas.errors import UsageError

EARLIEST, LONGEST, SOURCE = "earliest", "longest", "source="
# The order in which one run decides. Ends with the id, so that no two readers ever name different stories.
_TIES = "published_at nulls last, article_id"


def canonical_order(policy: str) -> str:
    """Return the SQL order that puts the canonical story of a family first.

    Args:
        policy: earliest; longest; or source=NAME,NAME,…, the sources from the best to the least, all others after them.
            Ties go to the earliest.

    Raises:
        UsageError: it is none of these.
    """
    if policy == EARLIEST:
        return _TIES
    if policy == LONGEST:
        return f"word_count desc nulls last, {_TIES}"
    names = [name.strip() for name in policy.removeprefix(SOURCE).split(",") if name.strip()]
    if not policy.startswith(SOURCE) or not names:
        raise UsageError(
            f"--canonical {policy!r}: write earliest, longest, or source=NAME,NAME with the best source first"
        )
    # Names come from the command line into SQL: quoted, for a source may well hold an apostrophe.
    ranked = ", ".join("'" + name.replace("'", "''") + "'" for name in names)
    return f"list_position([{ranked}], source) nulls last, {_TIES}"
