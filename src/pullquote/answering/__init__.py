"""Answers questions: finds passages, reads answers in them, ranks and weighs them."""
