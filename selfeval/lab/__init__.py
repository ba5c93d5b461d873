"""What an analyst asks in JupyterLab: which units there are, side by side, and what changed."""
