"""Which requests are let in: hosts, paths, users and the health check."""
