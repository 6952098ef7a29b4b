from django.db import models


class Notice(models.Model):
    title = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    published_at = models.DateTimeField(auto_now_add=True)
    is_pinned = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_pinned", "-published_at"]
        indexes = [models.Index(fields=["is_pinned", "published_at"], name="notices_on_the_board")]

    def __str__(self):
        return self.title
