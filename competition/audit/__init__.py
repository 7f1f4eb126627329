"""The append-only, hash-chained record of facts: who did what, when, in a sentence people can read.

A feature writes a fact (a frozen dataclass in its facts.py) with `record(fact, by=…, at=…)` inside its own
transaction. Chains are kept per event, and one for the installation, so that busy events do not wait for each other.
"""
