"""A small tagger trained on the marked texts in `knowledge/gold`, with the names that the rules find as features."""
