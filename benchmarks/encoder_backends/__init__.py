"""Ways to run the packaged encoder on a CPU, compared; the command is in `__main__`."""
