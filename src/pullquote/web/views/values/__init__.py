"""The values that differ, change or were corrected: their list, their chart and their marks."""
