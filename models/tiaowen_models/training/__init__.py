"""Training recipes of the shipped models (needs the `neural` extra)."""
