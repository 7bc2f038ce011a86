"""Exit codes, the same for every command."""

FINE = 0
FINDINGS = 1
MISUSE = 2
FAULT = 70  # a fault of bothends itself: EX_SOFTWARE of sysexits.h
INTERRUPTED = 130  # 128 + SIGINT, as shells report it
