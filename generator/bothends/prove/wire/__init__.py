"""HTTP messages byte by byte, and the credentials that sign them.

May know: the records of operations and security schemes in the runtime. Knows no other room of the
proof.
"""
