"""The HTTP surface: thin routes over the searcher, wire types, problems."""
