"""A client of a Milvus server: connection, tables and conditions."""
