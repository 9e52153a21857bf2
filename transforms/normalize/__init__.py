"""RawArticle to Article: plain text, canonical URL, UTC dates, identity."""
