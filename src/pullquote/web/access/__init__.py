"""Access control (hosts, paths, users, sizes, connections) and the health check."""
