"""The index in the collections of a Milvus server, for archives that one machine cannot hold.

`backend` is what the entry point names. Nothing here loads pymilvus before a server is asked; see
`client.server`.
"""
