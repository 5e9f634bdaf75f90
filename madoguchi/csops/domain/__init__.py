"""Pure rules of the terminals (統合端末の決まり)."""
