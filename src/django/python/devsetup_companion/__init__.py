"""The Django companion of devsetup: runs a project's own manage.py and answers requests from the warm process."""
