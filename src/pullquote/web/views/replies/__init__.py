"""Parts of a reply: values and their charts, numbers of citations, passages, words to speak."""
