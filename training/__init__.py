"""Scripts that train and fit what ships with pullquote."""
