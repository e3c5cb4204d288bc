"""English: sentences, terms, values, who says what, and what a question asks for."""
