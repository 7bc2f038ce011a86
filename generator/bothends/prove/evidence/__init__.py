"""The record of a run: what was tried, what failed, what was not tried and why.

Every room that tries something writes here; what reads the record (`report`, the command line) is
not known to the writers. May know: records of the runtime. Knows no other room of the proof.
"""
