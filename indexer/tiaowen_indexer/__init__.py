"""Floor 2: outline to clauses, mining, lexical and vector index, snapshots, build."""
