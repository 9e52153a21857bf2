"""Live feeds: which address may be asked, when, how, and what an answer means for the next time."""
