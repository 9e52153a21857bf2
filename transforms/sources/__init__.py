"""Inputs to RawArticle: finding files, cutting them into chunks, reading every format."""
