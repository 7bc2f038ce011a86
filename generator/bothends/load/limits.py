"""How much a contract may hold.

The largest real ones have 13 MB, 600,000 nodes and a depth of 40.
"""

MAX_BYTES = 64_000_000
MAX_NODES = (
    4_000_000  # as if each alias were written out: a bomb is small only until somebody walks it
)
MAX_ALIASES = 10_000
MAX_DEPTH = 150  # later stages recurse; Python stops at 1,000 frames
MAX_FILES = 20_000  # the contract of most files that was seen has 2,907
