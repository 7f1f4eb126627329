"""Accounts 账号: who signs in, what roles they hold where, and how often somebody has tried."""
