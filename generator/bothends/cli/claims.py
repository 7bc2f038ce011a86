"""`bothends claims`."""


def claims() -> int:
    """x"""
    return 0
