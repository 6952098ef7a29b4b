from django.apps import apps
from django.db import connection
from django.shortcuts import render

from catalogue.models import Item
from notices.models import Notice


def library_page(request):
    """The notices and the items of the library whose host name was asked for."""
    return render(
        request,
        "library.html",
        {
            "library": getattr(connection, "tenant", None),
            "notices": Notice.objects.all()[:5],
            "items": Item.objects.select_related("category"),
        },
    )


def libraries_page(request):
    """All libraries, for the host name of the public schema."""
    libraries = apps.get_model("customers", "Library").objects.exclude(schema_name="public")
    return render(
        request,
        "libraries.html",
        {"libraries": libraries.prefetch_related("domains"), "port": request.get_port()},
    )
