"""The families of probes, one per file: `probes(context)` yields the requests of a family.

Found by walking the folder.
"""
