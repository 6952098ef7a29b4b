from django.contrib import admin

from .models import Enrolment, Workshop


class EnrolmentInline(admin.TabularInline):
    model = Enrolment
    extra = 0


@admin.register(Workshop)
class WorkshopAdmin(admin.ModelAdmin):
    list_display = ["title", "starts_at", "seats", "host"]
    inlines = [EnrolmentInline]
