"""The console: what arrived, the org's switches, and the calls, for a person in a browser.

One module a subject; each has its page and the acts that a person can click there.
"""
