"""Floor 3: query pipeline, precedents, requirements, HTTP, MCP, web page, command line."""
