"""Scripts written without spaces, where a letter counts as a word: one table for counting words and for folding."""

# Thai and Lao, Myanmar, Khmer, Myanmar again.
ALPHABETS = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0xA9E0, 0xA9FF),
    (0xAA60, 0xAA7F),
)
"""Those of some fifty letters: any two texts share nearly all of them."""

# Kana, Han with its extensions and compatibility forms, halfwidth kana; below plane 2.
UNSPACED = (
    *ALPHABETS,
    (0x3005, 0x3007),
    (0x3041, 0x30FF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9D),
)
"""First and last code point of each stretch; planes 2 and 3 are Han throughout."""
