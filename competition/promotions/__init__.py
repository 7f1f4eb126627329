"""Promotions 晋级: rule tables as data, cases from eligible to issued, and the line they write into a worker's record."""
