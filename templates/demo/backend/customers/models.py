from django.db import models
from django_tenants.models import DomainMixin, TenantMixin


class Library(TenantMixin):
    """A tenant: one lending library with a schema of its own."""

    name = models.CharField(max_length=100)
    plan = models.ForeignKey("plans.Plan", on_delete=models.PROTECT, null=True, blank=True)
    contact_email = models.EmailField(blank=True)
    created_on = models.DateField(auto_now_add=True)

    auto_create_schema = True

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "libraries"
        indexes = [models.Index(fields=["created_on"], name="libraries_by_age")]

    def __str__(self):
        return self.name


class Domain(DomainMixin):
    """A host name under which a library answers."""
