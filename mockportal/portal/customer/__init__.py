"""What a customer does: contracts, orders, opportunities, bills, files and workflows."""
