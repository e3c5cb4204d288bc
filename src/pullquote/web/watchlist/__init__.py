"""The page of the standing questions, and its feed."""
