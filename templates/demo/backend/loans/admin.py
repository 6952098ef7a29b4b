from django.contrib import admin

from .models import Loan


@admin.register(Loan)
class LoanAdmin(admin.ModelAdmin):
    list_display = ["item", "member", "handed_out_on", "due_on", "returned_on"]
    date_hierarchy = "due_on"
