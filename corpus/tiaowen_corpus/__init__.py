"""Floor 0: core types, readers, cleaning, script folding, repair, the library of documents."""
