from django.contrib import admin

from .models import Member


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    list_display = ["number", "full_name", "email", "is_active"]
    search_fields = ["full_name", "email"]
