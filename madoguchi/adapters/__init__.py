"""The world outside, one folder a system: real client, by hand, or emulator (外部との接続)."""
