"""Retrievers, tools and components for frameworks. Each module needs the extra of its name.

`langchain` (pullquote[langchain]), `llama_index` (pullquote[llama-index]) and `haystack`
(pullquote[haystack]). The names of the metadata are the same in all; see `metadata`.
"""
