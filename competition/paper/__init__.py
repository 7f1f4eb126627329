"""Sheets on paper beside the tablets: printed with a code to scan, typed twice by two people, counted like every other sheet."""
