"""Floor 1: tokeniser, embedders, ranking model, their training."""
