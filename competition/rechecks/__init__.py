"""Re-checking signed sheets before a result is prepared: scope by rule, worksheets, errors in writing."""
