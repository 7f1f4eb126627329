"""Frozen data for the pages and answers of scoring. What a judge gets speaks of codes only."""
