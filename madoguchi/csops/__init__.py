"""The CS terminals as a scarce thing (統合端末の運用)."""
