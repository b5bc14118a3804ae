"""`python -m solidarity_cli`."""

from solidarity_cli.cli import main

main()
