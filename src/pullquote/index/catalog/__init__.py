"""The catalog: a list of the articles of a generation, to sort, search and count."""
