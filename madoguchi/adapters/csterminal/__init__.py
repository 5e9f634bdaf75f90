"""The terminal of the 交付前設定: an emulated one, and a robot that works screens (統合端末)."""
