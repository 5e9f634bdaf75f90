"""Routes of the appointments (経路)."""

from django.urls import include, path

from madoguchi.appointments.views import phone

own = [
    path("bookings/", phone.bookings, name="bookings"),
    path("bookings/make/", phone.make, name="make"),
    path("bookings/<str:booking_id>/cancel/", phone.give_up, name="give_up"),
]

urlpatterns = [path("", include((own, "appointments")))]
