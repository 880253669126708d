"""Who it is for, which problem, against whom, with what and at what price: exhibits of steps 0 to 6."""
