"""The only folder that speaks HTTP to Salesforce. Everybody else works with its typed values.

It imports no block, view, model or queue, and asks no database.
"""
