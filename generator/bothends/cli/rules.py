"""`bothends rules`."""


def rules() -> int:
    """x"""
    return 0
