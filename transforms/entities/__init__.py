"""Persons, places and organisations in a text, with offsets and ids."""
