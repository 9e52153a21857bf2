"""The report: figures asked of a lake, drawn as one page that needs nothing else."""
