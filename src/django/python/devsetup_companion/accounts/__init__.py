"""Whether a user can log in and administer, and raising its rights."""
