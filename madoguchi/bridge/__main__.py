"""``python -m madoguchi.bridge``: the agent and its fictional cards (起動)."""

from madoguchi.bridge.cli import main

raise SystemExit(main())
