"""Composition and commands: how the transforms become a pipeline and a tool."""
