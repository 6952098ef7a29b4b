from django.db import models


class Category(models.Model):
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "categories"

    def __str__(self):
        return self.name


class Item(models.Model):
    """A thing that can be borrowed."""

    class Condition(models.TextChoices):
        NEW = "new", "new"
        GOOD = "good", "good"
        WORN = "worn", "worn"

    inventory_number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=160)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="items")
    condition = models.CharField(max_length=10, choices=Condition.choices, default=Condition.GOOD)
    replacement_cost = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["title"]
        indexes = [models.Index(fields=["category", "condition"], name="items_by_condition")]

    def __str__(self):
        return self.title
