"""Offline half: statements in a folder become an index on disk."""
