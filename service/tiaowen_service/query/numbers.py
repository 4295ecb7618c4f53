"""Figures of a query; clauses are read the same way, so the reading lives with the models."""

from tiaowen_models.figures import figures, han_number, periods

__all__ = ["figures", "han_number", "periods"]
