"""A Salesforce to try and test against: it refuses what Salesforce refuses, in the same words."""
