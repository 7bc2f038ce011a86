"""Families of wire probes, one per file. Each file has a function `probes(ground)`; none of them judges validity itself."""
