from django.db import models


class Reservation(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting", "waiting"
        READY = "ready", "ready to collect"
        EXPIRED = "expired", "expired"

    item = models.ForeignKey("catalogue.Item", on_delete=models.CASCADE, related_name="reservations")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="reservations")
    wanted_from = models.DateField()
    wanted_until = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.WAITING)

    class Meta:
        ordering = ["wanted_from"]
        constraints = [
            models.UniqueConstraint(fields=["item", "member", "wanted_from"], name="one_reservation_a_day"),
        ]

    def __str__(self):
        return f"{self.item} for {self.member}"
