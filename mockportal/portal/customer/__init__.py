"""The affairs of a customer: contracts, orders, opportunities, bills, files and workflows."""
