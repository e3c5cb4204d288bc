"""Scripts that train and fit the models that ship with pullquote."""
