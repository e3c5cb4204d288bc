"""pullquote beside other libraries that lift answers out of a text; see README.md here."""
