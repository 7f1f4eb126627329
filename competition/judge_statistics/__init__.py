"""What the marks say about the judges: advice for the chief judge, never a correction."""
