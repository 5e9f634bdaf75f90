"""The shell every room is shown in: base pages, widgets, words, closed doors (画面の共通部)."""
