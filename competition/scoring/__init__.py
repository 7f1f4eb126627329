"""Scoring 评分: sheets under blind codes, marks that travel as operations with receipts, signatures, confirmation."""
