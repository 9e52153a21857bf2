"""One module a command: flags, help, and the call. What a command does is in `pipelines`."""
