"""From the corpus folder to the next generation, wherever the index stands."""
