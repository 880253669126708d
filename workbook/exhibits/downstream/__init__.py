"""Campaigns, the hand-over to sales, tests and measures: exhibits of steps 9 to 12."""
