"""Everything that one person can open, as text, so that two states of a database can be compared."""

import re

from django.test import Client
from django.urls import get_resolver, reverse

from people.models import User

SPACES = ("approvals", "incidents", "accounts", "people", "core", "policies", "consent")
FOLLOWED = ("/network/", "/concerns/", "/abuse/")
TOKEN = re.compile(r'name="(csrfmiddlewaretoken|once)" value="[^"]+"|nonce="[^"]+"')
QUERIES = {
    "incidents:report-list": ("", "?show=block", "?show=own", "?show=read", "?state=open", "?kind=violence"),
    "incidents:bypass-list": ("", "?about=staff", "?ban=none", "?ban=now"),
    "incidents:abuse-list": ("", "?state=open", "?against=staff"),
}


def crawl(user: User, most: int = 400) -> dict[str, str]:
    """Every page without an id that this person opens, and every page of incidents that is linked from one."""
    client = Client()
    client.force_login(user)
    names = [
        f"{space}:{pattern.name}"
        for space in SPACES
        for pattern in get_resolver().namespace_dict[space][1].url_patterns
        if not pattern.pattern.converters and "seen" not in (pattern.name or "")
    ]
    waiting = ["/", *(reverse(name) + query for name in names for query in QUERIES.get(name, ("",)))]
    found: dict[str, str] = {}
    while waiting and len(found) < most:
        path = waiting.pop(0)
        if path in found or "sign-out" in path:
            continue
        response = client.get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        found[path] = f"{response.status_code} {TOKEN.sub('', body.decode(errors='replace'))}"
        links = re.findall(r'href="(/[^"#]+)"', found[path])
        waiting += [link for link in links if link.startswith(FOLLOWED) and link not in found]
    return found
