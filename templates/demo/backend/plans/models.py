from django.db import models


class Plan(models.Model):
    """What a library pays for, and how much it may hold."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    monthly_price = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    member_limit = models.PositiveIntegerField(null=True, blank=True, help_text="empty: no limit")
    is_public = models.BooleanField(default=True)

    class Meta:
        ordering = ["monthly_price", "code"]

    def __str__(self):
        return self.name
