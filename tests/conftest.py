"""What all tests share."""


def pytest_make_parametrize_id(val, argname):
    """Name bytes by their size: compressed ones hold the time, and processes of one run must agree on the names."""
    return f"{argname}-{len(val)}-bytes" if isinstance(val, bytes) else None
