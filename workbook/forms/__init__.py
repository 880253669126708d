"""Forms bound to the plan: made from its model, saved as revisions, and the page that holds them."""
