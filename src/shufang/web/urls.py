"""The pages of readers and kiosks, and the health page."""

from django.urls import include, path

from shufang.web.health import health
from shufang.web.reader.cover import cover
from shufang.web.reader.home import home
from shufang.web.reader.marc import marc, record
from shufang.web.reader.results import results
from shufang.web.reader.suggestions import suggestions
from shufang.web.reader.title import title

urlpatterns = [
    path("", home, name="home"),
    path("search/", results, name="results"),
    path("search/suggestions/", suggestions, name="suggestions"),
    path("titles/<int:title_id>/", title, name="title"),
    path("titles/<int:title_id>/marc/", marc, name="marc"),
    path("titles/<int:title_id>/record", record, name="record"),
    path("covers/<int:title_id>.svg", cover, name="cover"),
    path("health/", health, name="health"),
    path("", include("shufang.web.reader.urls.account")),
    path("", include("shufang.web.reader.urls.lending")),
    path("", include("shufang.web.reader.urls.phone")),
    path("kiosk/", include("shufang.web.kiosk.urls")),
]
