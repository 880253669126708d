"""The synthetic studies of the sample plans: drawn at random, from true values that are written down.

Nobody was asked and nothing was sold. ``truth`` says what can be true, ``adaptive_test`` and ``forno_aurora`` say what
is, and ``surveys``, ``prices``, ``reviews``, ``customers`` and ``channels`` draw the tables.
"""
