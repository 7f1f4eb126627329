"""The ground floor: what the field's experts would read as one rulebook.

Plain functions and frozen dataclasses over plain values. Imports an allow-list of the standard library only:
no Flask, no SQLAlchemy, no clock, no randomness, no input or output. Every answer for a person is a `Sentence`,
every number is exact, and every decision shows its working.
"""
