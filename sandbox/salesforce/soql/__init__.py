"""SOQL, as far as a site and its developers need it (contract 4)."""
