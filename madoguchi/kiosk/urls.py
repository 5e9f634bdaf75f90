"""Routes of the kiosk (経路)."""

from django.urls import include, path

from madoguchi.kiosk.views import beside, devices, gallery, papers, resident, starting, web
from madoguchi.kiosk.views.office.routes import routes

own = [
    path("kiosk/", starting.start, name="start"),
    path("kiosk/open/", starting.begin, name="open"),
    path("kiosk/again/", starting.again, name="again"),
    path("kiosk/now/", resident.now, name="now"),
    path("kiosk/steps/<str:step>/", resident.press, name="step"),
    path("kiosk/back/", resident.back, name="back"),
    path("kiosk/stay/", resident.stay, name="stay"),
    path("kiosk/leave/", resident.leave, name="leave"),
    path("kiosk/finish/", resident.finish, name="finish"),
    path("kiosk/call/", beside.call, name="call"),
    path("kiosk/beside/", beside.beside, name="beside"),
    path("kiosk/progress/", devices.progress, name="progress"),
    path("kiosk/sample/", papers.sample, name="sample"),
    path("kiosk/receipt/", papers.receipt, name="receipt"),
    path("kiosk/receipt/file/", papers.receipt_file, name="receipt_file"),
    path("kiosk/download/", papers.download, name="download"),
    path("tax/", web.web, name="web"),
    path("tax/open/", web.begin, name="web_open"),
    path("kiosk/gallery/", gallery.index, name="gallery"),
    path("kiosk/gallery/<str:mode>/<str:language>/<str:name>/", gallery.one, name="gallery_one"),
    *routes,
]

urlpatterns = [path("", include((own, "kiosk")))]
