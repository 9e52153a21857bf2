"""Turn scores of labels into spans: the best way to label each stretch of tokens so that names begin and end."""

from collections.abc import Iterator, Sequence

from schemas.records import EntityType

TYPES: tuple[EntityType, ...] = ("person", "place", "organisation")
LABELS = 1 + 4 * len(TYPES)  # outside; then of each type first, inner, last, only


def best_spans(scores: Sequence[Sequence[float]], tokens: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield (first token, token after the last) of each name.

    `tokens` rise, `scores` are those of each; a token that is not among them is of no name.
    """
    begin = 0
    for at in range(1, len(tokens) + 1):
        if at == len(tokens) or tokens[at] != tokens[at - 1] + 1:
            for first, after in _decode(scores[begin:at]):
                yield tokens[begin] + first, tokens[begin] + after
            begin = at


def _decode(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Decode a stretch with nothing of a name around it, by the first and last token of each name.

    After a token either no name is open (`closed`: the score of the best way there), or one of each type is
    (`running`), begun at `began`. `ends` tells for each token where the name began that it ends best, -1 for none.
    """
    closed = 0.0
    running, began = [float("-inf")] * len(TYPES), [-1] * len(TYPES)
    ends: list[int] = []
    for at, row in enumerate(scores):
        best, origin = closed + row[0], -1
        for number in range(len(TYPES)):
            label = 1 + 4 * number
            opened = running[number]
            if opened + row[label + 2] > best:
                best, origin = opened + row[label + 2], began[number]
            if closed + row[label + 3] > best:
                best, origin = closed + row[label + 3], at
            if closed + row[label] >= opened + row[label + 1]:
                running[number], began[number] = closed + row[label], at
            else:
                running[number] = opened + row[label + 1]
        closed = best
        ends.append(origin)
    spans: list[tuple[int, int]] = []
    at = len(ends) - 1
    while at >= 0:
        if ends[at] >= 0:
            spans.append((ends[at], at + 1))
            at = ends[at]
        at -= 1
    return spans[::-1]
