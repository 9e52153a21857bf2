"""Tables on disk: write, commit, recover, verify, compact, query."""
