"""A package as the generator makes them, written by hand: the runtime is tested without the generator."""
