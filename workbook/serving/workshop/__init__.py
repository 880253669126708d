"""A workshop in the browsers of a group: participants' pages, the facilitator's desk, and the screen for all."""
