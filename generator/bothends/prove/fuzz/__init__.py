"""Conformance: schemathesis against a server, and our own verdict on each request that it sends.

May know: `target` and the rooms below it, and schemathesis. Knows neither the probes nor the
agreement of the two ends.
"""
