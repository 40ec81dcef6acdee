"""Platforms that every portal starts with; the list is data and never closed (RAV-1.02, BEC-1.05)."""

from datetime import date
from typing import Any

from core.models import AuditHead, Platform, PlatformAge

_TERMS = "the platform's own terms"
# name, slug, hosts, [(minimum age, from)]
PLATFORMS = [
    ("Bluesky", "bluesky", ["bsky.app"], [(13, date(2023, 2, 1))]),
    ("Discord", "discord", ["discord.com", "discord.gg"], [(13, date(2015, 5, 1))]),
    ("Facebook", "facebook", ["facebook.com", "fb.com"], [(13, date(2006, 9, 1))]),
    ("Instagram", "instagram", ["instagram.com"], [(13, date(2010, 10, 1))]),
    ("LinkedIn", "linkedin", ["linkedin.com"], [(16, date(2014, 10, 23))]),
    ("Minecraft", "minecraft", ["minecraft.net"], []),
    ("Pinterest", "pinterest", ["pinterest.com", "pinterest.co.uk"], [(13, date(2010, 3, 1))]),
    ("Roblox", "roblox", ["roblox.com"], []),
    ("Snapchat", "snapchat", ["snapchat.com"], [(13, date(2011, 9, 1))]),
    ("Threads", "threads", ["threads.net", "threads.com"], [(13, date(2023, 7, 5))]),
    ("TikTok", "tiktok", ["tiktok.com"], [(13, date(2017, 9, 1))]),
    ("Vimeo", "vimeo", ["vimeo.com"], [(16, date(2018, 5, 25))]),
    ("WhatsApp", "whatsapp", ["whatsapp.com", "wa.me"], [(16, date(2018, 5, 25)), (13, date(2024, 4, 11))]),
    ("X", "x", ["x.com", "twitter.com"], [(13, date(2018, 5, 25))]),
    ("YouTube", "youtube", ["youtube.com", "youtu.be"], [(13, date(2006, 1, 1))]),
]


def load_after_migrate(using: str = "default", **_: Any) -> None:
    """Add what is missing; never change what a school's IT lead has edited."""
    AuditHead.objects.using(using).get_or_create(pk=1, defaults={"count": 0, "hash": "0" * 64})
    known = set(Platform.objects.using(using).values_list("slug", flat=True))
    for name, slug, hosts, ages in PLATFORMS:
        if slug in known:
            continue
        platform = Platform.objects.using(using).create(name=name, slug=slug, hosts=hosts)
        for years, valid_from in ages:
            PlatformAge.objects.using(using).create(
                platform=platform, years=years, valid_from=valid_from, source=_TERMS
            )
