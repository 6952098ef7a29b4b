from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A member of staff. Lives in the public schema and may work for several libraries."""

    display_name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, default="en")

    class Meta:
        ordering = ["username"]

    def __str__(self):
        return self.display_name or self.username
