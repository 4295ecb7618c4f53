"""Mining of clauses: who must do what, how much, how often, until when."""

from tiaowen_indexer.mining.requirements import mine

__all__ = ["mine"]
