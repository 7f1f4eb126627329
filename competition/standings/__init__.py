"""Totals and places of many entrants at once, in columns of exact whole numbers."""
