"""Visits: what somebody at the counter comes for, family runs, what runs out (来庁の用件)."""
