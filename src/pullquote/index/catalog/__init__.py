"""What each article of a generation is, to be listed, sorted, sought and counted."""
