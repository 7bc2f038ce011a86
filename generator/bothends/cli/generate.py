"""`bothends generate`."""


def generate() -> int:
    """x"""
    return 0
