"""The subject of a proof: a package served in this process, or a server at an address.

May know: `values`, `oracle`, `evidence`, `wire`. The only room that starts a server.
"""
