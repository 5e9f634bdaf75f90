"""Routes of the appointments (経路)."""

from django.urls import include, path

from madoguchi.appointments.views import booking, hall, line, openings, phone, tables

own = [
    path("bookings/", phone.bookings, name="bookings"),
    path("bookings/make/", phone.make, name="make"),
    path("bookings/find/", booking.find, name="find"),
    path("bookings/day/", openings.day, name="day"),
    path("bookings/days/", openings.special, name="special"),
    path("bookings/days/open/", openings.open_day, name="open_day"),
    path("bookings/days/close/", openings.close_day, name="close_day"),
    path("bookings/days/again/", openings.open_again, name="open_again"),
    path("bookings/days/<int:opening_id>/back/", openings.take_back, name="take_back"),
    path("bookings/weekly/", tables.tables, name="tables"),
    path("bookings/weekly/opening/", tables.add_opening, name="add_opening"),
    path("bookings/weekly/opening/<int:opening_id>/end/", tables.end_opening, name="end_opening"),
    path("bookings/weekly/service/", tables.set_service, name="set_service"),
    path("bookings/weekly/terms/", tables.set_terms, name="set_terms"),
    path("bookings/weekly/place/", tables.add_place, name="add_place"),
    path("bookings/<str:booking_id>/", booking.booking, name="booking"),
    path("bookings/<str:booking_id>/move/", booking.move, name="move"),
    path("bookings/<str:booking_id>/remind/", booking.remind, name="remind"),
    path("bookings/<str:booking_id>/cancel/", booking.give_up, name="give_up"),
    path("bookings/<str:booking_id>/absent/", booking.absent, name="absent"),
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
