"""An automaton over a few byte strings, as py3langid stores its own."""

import numpy as np

from transforms.language.py3langid_model import Automaton, _automaton


def stored_automaton(patterns):
    """Return the tables of an automaton whose states are beginnings of patterns, the first of them nothing."""
    states = sorted({pattern[:end] for pattern in patterns for end in range(len(pattern) + 1)} | {b""})
    number = {state: at for at, state in enumerate(states)}
    following = np.zeros((len(states), 256), np.uint32)
    for state in states:
        for byte in range(256):
            longer = state + bytes([byte])
            following[number[state], byte] = next(
                number[longer[cut:]] for cut in range(len(longer) + 1) if longer[cut:] in number
            )
    features = [patterns.index(state) if state in patterns else -1 for state in states]
    return following, np.arange(len(states), dtype=np.uint16), np.array(features, np.int32)


def small_automaton(patterns) -> Automaton:
    """Return the same, numbered anew: after a byte its feature is the longest pattern that ends there, if it is one."""
    return _automaton(*stored_automaton(patterns))


def ends(patterns, text):
    """Return after each byte the number of the pattern that is the longest beginning of one to end there, or -1."""
    beginnings = {pattern[:end] for pattern in patterns for end in range(len(pattern) + 1)} | {b""}
    found = []
    for end in range(1, len(text) + 1):
        longest = next(text[cut:end] for cut in range(end + 1) if text[cut:end] in beginnings)
        found.append(patterns.index(longest) if longest in patterns else -1)
    return found
