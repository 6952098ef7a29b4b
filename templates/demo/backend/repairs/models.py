from django.db import models


class Repair(models.Model):
    item = models.ForeignKey("catalogue.Item", on_delete=models.CASCADE, related_name="repairs")
    reported_by = models.ForeignKey(
        "members.Member", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    description = models.TextField()
    reported_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(default=2)

    class Meta:
        ordering = ["urgency", "reported_on"]
        indexes = [models.Index(fields=["done_on", "urgency"], name="repairs_to_do")]

    def __str__(self):
        return f"{self.item}: {self.description[:40]}"
