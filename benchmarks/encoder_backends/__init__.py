"""Compares ways to run the packaged encoder on a CPU; the command is in `__main__`."""
