"""What the pages of results show: frozen, in the order in which it is read."""
