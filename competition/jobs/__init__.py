"""Jobs: long work as rows with progress. The row is the truth; a runner (embedded by default) claims it with a lease."""
