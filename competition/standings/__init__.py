"""Totals and places of many entrants at once, in columns of exact whole numbers.

`table.Standings` gives the same totals, places and completeness as `rules.contest`, to the last digit, many times faster: the value
of a node is a column of whole numbers over one common denominator, so nothing is ever a float. What columns cannot
hold (a method or a comparison that is not compiled here, numbers that would not fit into 63 bits) goes through
`rules.contest` itself, so the answer is never different, only slower.
"""
