"""Evidence packs and statements of absence in the web application."""
