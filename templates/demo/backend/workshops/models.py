from django.db import models


class Workshop(models.Model):
    """An evening on which somebody shows how a thing is used."""

    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    seats = models.PositiveSmallIntegerField(default=12)
    host = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="hosted_workshops")

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["starts_at"], name="workshops_by_start")]

    def __str__(self):
        return self.title


class Enrolment(models.Model):
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="enrolments")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="enrolments")
    enrolled_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "member"], name="enrolled_once")]

    def __str__(self):
        return f"{self.member} at {self.workshop}"
