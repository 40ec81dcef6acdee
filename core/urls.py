"""Addresses of the ground floor: a person's own notices and calendar, and how the background work runs."""

from django.urls import path

from core import background_views, feed_views, notice_views
from core.access import public

app_name = "core"

urlpatterns = [
    path("notices/", notice_views.NoticeList.as_view(), name="notice-list"),
    path("notices/seen/", notice_views.NoticesSeen.as_view(), name="notices-seen"),
    path("calendar/", feed_views.FeedSettings.as_view(), name="feed-settings"),
    path("calendar/end/", feed_views.FeedEnd.as_view(), name="feed-end"),
    path("calendar/<str:token>.ics", public(feed_views.Feed.as_view()), name="feed"),
    path("background/", background_views.Background.as_view(), name="background"),
    path("background/mails/", background_views.MailList.as_view(), name="mail-list"),
    path("background/mails/again/", background_views.MailsAgain.as_view(), name="mails-again"),
    path("background/mails/<uuid:uuid>/again/", background_views.MailAgain.as_view(), name="mail-again"),
]
