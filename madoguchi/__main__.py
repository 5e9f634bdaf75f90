"""Run the command line: ``python -m madoguchi``."""

from madoguchi.entry.cli import main

raise SystemExit(main())
