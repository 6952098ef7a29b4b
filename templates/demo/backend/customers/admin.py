from django.contrib import admin

from .models import Domain, Library


class DomainInline(admin.TabularInline):
    model = Domain
    extra = 0


@admin.register(Library)
class LibraryAdmin(admin.ModelAdmin):
    list_display = ["name", "schema_name", "plan", "created_on"]
    inlines = [DomainInline]
