"""An index in the collections of a Milvus server, for archives too large for one machine.

The entry point names `backend`. pymilvus is imported at the first connection; see
`client.connection`.
"""
