"""JSON: its text, its values, pointers into it."""
