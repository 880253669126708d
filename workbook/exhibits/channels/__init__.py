"""Upstream or downstream, which channels and how the budget is split: exhibits of steps 7 and 8."""
