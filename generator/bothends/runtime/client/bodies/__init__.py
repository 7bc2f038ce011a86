"""Bodies on their way: sent and read piece by piece."""
