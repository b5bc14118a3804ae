"""`python -m solidarity_cli`."""

from solidarity_cli.cli.main import main

main()
