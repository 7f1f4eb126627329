"""Results 成绩: numbered revisions computed from the marks, published by two people, explained line by line; advancement."""
