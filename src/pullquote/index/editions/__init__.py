"""Earlier editions of articles: stored beside the segments, and read back."""
