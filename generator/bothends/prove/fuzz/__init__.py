"""Conformance: schemathesis, and our own judge of what it says."""
