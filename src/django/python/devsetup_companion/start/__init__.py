"""From the start of the process to the moment manage.py calls Django."""
