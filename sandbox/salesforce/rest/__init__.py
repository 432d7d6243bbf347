"""The REST API below `/services/data/`: pure functions from a `Call` to an `Answer`."""
