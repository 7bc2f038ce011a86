"""The model layer: names and types for people, and the way from JSON to them and back."""
