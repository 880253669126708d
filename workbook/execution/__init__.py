"""What follows the plan: experiments, hand-over to sales, indicators."""
