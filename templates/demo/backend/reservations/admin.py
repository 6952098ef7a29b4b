from django.contrib import admin

from .models import Reservation


@admin.register(Reservation)
class ReservationAdmin(admin.ModelAdmin):
    list_display = ["item", "member", "wanted_from", "status"]
    list_filter = ["status"]
