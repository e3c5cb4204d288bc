"""Answers, articles and turns as HTML. Pure functions."""
