"""What is the same story told again: signatures, candidates, comparison, families, memory."""
