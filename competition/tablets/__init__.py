"""Login cards of judges, and the devices they mark on: their keys, their presence, and how they are turned off."""
