"""Bytes that are too many to hold: where they come from, and how they are read piece by piece."""
