"""Compares two operations: their parameters, bodies and replies.

pairing.py         which operation of one contract is which of the other
taken_paths.py     requests that a new, more concrete path takes from a templated one
comparison.py      a pair of operations: parameters, body, deprecation
operation_pair.py  what parts of a pair of operations have in common
parameters.py      what identifies a parameter, and how it is written
encodings.py       how fields of forms and parts of multipart bodies are written
replies.py         statuses, bodies and headers of replies
matching.py        which status or media type describes what another describes
"""
