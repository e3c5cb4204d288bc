"""Rebuilds: from the corpus folder to the next generation of any index."""
