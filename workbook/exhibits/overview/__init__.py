"""The plan as a whole: how far it is, what is stale, what is decided next, and from need to money."""
