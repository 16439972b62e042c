"""The journal over the control API: its entries, one by one and as files and programs."""
