from django.contrib import admin

from .models import Fee


@admin.register(Fee)
class FeeAdmin(admin.ModelAdmin):
    list_display = ["member", "reason", "amount", "currency", "paid_on"]
    list_filter = ["reason"]
