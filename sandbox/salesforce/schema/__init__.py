"""What an org's objects and fields are, and how describe tells it."""
