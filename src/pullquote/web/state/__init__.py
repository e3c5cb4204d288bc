"""The state of a page: its conversation, its filters, and example questions."""
