"""A value made from a schema: the same one each time, and valid, or none."""
