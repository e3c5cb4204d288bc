"""Named endpoints for programs, and the tools of the MCP server."""
