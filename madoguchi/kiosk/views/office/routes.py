"""Routes of the desk's own pages about the machines (経路)."""

from django.urls import path

from madoguchi.kiosk.views.office import board, books, enrolling, tables, tray

routes = [
    path("kiosk/desk/", board.show, name="board"),
    path("kiosk/enrol/", enrolling.enrol, name="enrol"),
    path("kiosk/desk/calls/<str:terminal_no>/", board.answer, name="answer_call"),
    path("kiosk/desk/machines/", tables.terminals, name="terminals"),
    path("kiosk/desk/machines/<str:terminal_no>/stop/", board.stop, name="stop_terminal"),
    path("kiosk/desk/machines/<str:terminal_no>/reopen/", board.reopen, name="reopen_terminal"),
    path("kiosk/desk/machines/<str:terminal_no>/count/", books.count, name="count"),
    path("kiosk/desk/tray/<str:terminal_no>/<str:reference>/", tray.paper, name="tray_paper"),
    path(
        "kiosk/desk/tray/<str:terminal_no>/<str:reference>/settle/",
        tray.settle,
        name="tray_settle",
    ),
    path("kiosk/desk/refunds/<str:payment_id>/", board.refund, name="refund"),
    path("kiosk/desk/books/", books.books, name="books"),
    path("kiosk/desk/books/close/", books.close, name="close_books"),
    path("kiosk/desk/cases/<int:case_id>/", books.case, name="case"),
    path("kiosk/desk/tables/", tables.tables, name="tables"),
    path("kiosk/desk/tables/hours/", tables.add_hours_row, name="add_hours"),
    path("kiosk/desk/tables/closed/", tables.add_closed_time, name="add_closed"),
    path("kiosk/desk/tables/yearly/", tables.add_yearly_closing, name="add_yearly"),
    path("kiosk/desk/tables/shops/", tables.add_store, name="add_shop"),
    path("kiosk/desk/tables/<str:table>/<int:row_id>/end/", tables.end, name="end_row"),
]
