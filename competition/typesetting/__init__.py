"""Typefaces, lettering and printed lists: what every PDF of the house shares."""
