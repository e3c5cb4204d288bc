"""The HTTP API with a contract, at `/api/v1`."""
