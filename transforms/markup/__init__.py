"""HTML to text, behind limits: whole pages and fragments."""
