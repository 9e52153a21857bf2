"""Why something was rejected: a closed list, stable over releases, because users filter by it."""

from enum import StrEnum


class Reason(StrEnum):
    """One reject reason; the value is what the `reason` column holds."""

    UNREADABLE = "unreadable"  # the file cannot be opened or read
    OUTSIDE_TREE = "outside_tree"  # a symbolic link leads out of the given folder
    UNKNOWN_FORMAT = "unknown_format"  # the bytes are none of the formats we read
    BROKEN_ARCHIVE = "broken_archive"  # compressed data is damaged, cut short or inflates past the limit
    BAD_ENCODING = "bad_encoding"  # the bytes cannot be decoded under any rule
    BROKEN_RECORD = "broken_record"  # a line, row or entry does not parse
    NOT_A_RECORD = "not_a_record"  # it parses, but is not an object with fields
    BAD_FIELD = "bad_field"  # a field holds a value of a type that cannot be its meaning
    TOO_LARGE = "too_large"  # past a size limit
    TOO_DEEP = "too_deep"  # past a nesting limit
    TOO_SLOW = "too_slow"  # past the parser's time limit
    PARSER_DIED = "parser_died"  # the parser process crashed or ran out of memory
    NOT_A_FEED = "not_a_feed"  # a feed was expected and this is none
    EMPTY = "empty"  # title and text are both empty
    FORGOTTEN = "forgotten"  # a takedown removed the item: counted, and kept nowhere
