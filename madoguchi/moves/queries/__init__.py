"""Reads of the moves: tables of rules, filings, tasks (異動の照会)."""
