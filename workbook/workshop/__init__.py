"""A group around the plan: what is asked of it, how it votes, what the votes say, and the log of all that."""
