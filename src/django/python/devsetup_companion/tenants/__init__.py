"""Where tenants, their domains and users are kept."""
