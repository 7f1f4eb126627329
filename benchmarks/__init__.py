"""Measure what the house does against a plain rival in the same run: `python -m benchmarks`. See docs/benchmarks.md."""
