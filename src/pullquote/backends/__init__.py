"""Indexes and embedding that need a server or a cluster. The core imports none of them."""
