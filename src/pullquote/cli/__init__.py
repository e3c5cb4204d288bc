"""The command line. Everything it does can also be done through the Python API."""
