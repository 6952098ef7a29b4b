from django.conf import settings
from django.db import models


class Loan(models.Model):
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="loans")
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="loans")
    # Members of staff live in the public schema and are shared by all libraries.
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    handed_out_on = models.DateField()
    due_on = models.DateField()
    returned_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-handed_out_on"]
        indexes = [models.Index(fields=["due_on"], name="loans_by_due_date")]

    def __str__(self):
        return f"{self.item} to {self.member}"
