"""The floor of a contest: clocks of batches and stations, late arrivals, incidents, violations, exposed identities."""
