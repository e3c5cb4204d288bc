"""A Milvus server as the index uses it: connection, tables and conditions."""
