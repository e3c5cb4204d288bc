"""Backends that use a server or a cluster for the index or for embedding; the core imports none."""
