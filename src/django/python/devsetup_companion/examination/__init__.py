"""What Django knows of the project beyond its migrations: one part of `Examination` a module."""
