"""Finds articles that belong together: revisions of one, and near duplicates."""
