"""Whether a user can log in and administer, and how it is made able to."""
