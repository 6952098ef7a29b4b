"""What the public schema answers: the list of libraries."""

from django.contrib import admin
from django.urls import path

from config.views import libraries_page

urlpatterns = [
    path("", libraries_page),
    path("admin/", admin.site.urls),
]
