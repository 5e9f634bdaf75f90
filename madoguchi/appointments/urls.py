"""Routes of the appointments (経路)."""

from django.urls import include, path

from madoguchi.appointments.views import hall, line, phone

own = [
    path("bookings/", phone.bookings, name="bookings"),
    path("bookings/make/", phone.make, name="make"),
    path("bookings/<str:booking_id>/cancel/", phone.give_up, name="give_up"),
    path("line/", line.board, name="board"),
    path("line/give/", line.give, name="give"),
    path("line/check-in/", line.check_in, name="check_in"),
    path("line/call/", line.call, name="call"),
    path("line/load/", line.load, name="load"),
    path("line/panel/", line.be_panel, name="be_panel"),
    path("line/<str:ticket_id>/start/", line.start, name="start"),
    path("line/<str:ticket_id>/stop/", line.stop, name="stop"),
    path("line/<str:ticket_id>/back/", line.put_back, name="put_back"),
    path("line/<str:ticket_id>/left/", line.let_leave, name="let_leave"),
    path("hall/", hall.hall, name="hall"),
    path("hall/panel/", hall.panel, name="panel"),
    path("hall/panel/draw/", hall.draw, name="draw"),
]

urlpatterns = [path("", include((own, "appointments")))]
