"""OAuth 2.0 web-server flow (contract 1 and 2)."""
