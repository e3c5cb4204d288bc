"""Dates: the date lines of newspapers, and days as people write them."""
