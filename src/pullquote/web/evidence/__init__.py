"""Evidence: packs and statements of absence for the chat, and the page that verifies files."""
