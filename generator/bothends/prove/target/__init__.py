"""What is put to the proof: a generated package served in this process, or a running server at an address.

May know: `values`, `oracle`, `evidence`, `wire`. The only room that starts a server.
"""
