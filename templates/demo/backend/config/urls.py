"""What a library answers under its own host name."""

from django.contrib import admin
from django.urls import path

from config.views import library_page

urlpatterns = [
    path("", library_page),
    path("admin/", admin.site.urls),
]
