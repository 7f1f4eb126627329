"""Adapters that turn published archives of other people's contests into contest documents.

An adapter knows the archive and its quirks; the rules know only the contest document. Imports rules and the standard
library, nothing else.
"""
