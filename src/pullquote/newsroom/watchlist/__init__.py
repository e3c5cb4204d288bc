"""Standing questions: asked again after each rebuild, with a report of what changed."""
