"""The public tables of budgets and final accounts, read by the layouts of their places."""
