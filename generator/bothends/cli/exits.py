"""Exit codes, the same for every command."""

FINE = 0
FINDINGS = 1
MISUSE = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells report it
