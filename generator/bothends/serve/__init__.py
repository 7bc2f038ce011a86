"""A generated package, served: its stand-in on a port, with its contract to read beside it."""
