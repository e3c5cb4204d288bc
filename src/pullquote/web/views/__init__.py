"""Answers, articles and turns as HTML."""
