from django.db import models


class Fee(models.Model):
    class Reason(models.TextChoices):
        MEMBERSHIP = "membership", "membership"
        LATE = "late", "late return"
        DAMAGE = "damage", "damage"

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="fees")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3, default="EUR")
    charged_on = models.DateField()
    paid_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-charged_on"]
        indexes = [models.Index(fields=["member", "paid_on"], name="fees_open_by_member")]

    def __str__(self):
        return f"{self.amount} {self.currency}, {self.get_reason_display()}"
