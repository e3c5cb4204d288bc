"""An index in the collections of a Milvus server, for corpora too large for one machine.

The entry point is in `backend`. pymilvus is only imported when a connection is first made; see
`client.connection`.
"""
