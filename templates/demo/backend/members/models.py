from django.db import models


class Member(models.Model):
    """Somebody who may borrow from this library."""

    number = models.PositiveIntegerField(unique=True)
    full_name = models.CharField(max_length=120)
    email = models.EmailField(max_length=320, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    joined_on = models.DateField()
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["full_name"]
        indexes = [models.Index(fields=["full_name"], name="members_by_name")]

    def __str__(self):
        return f"{self.full_name} ({self.number})"
