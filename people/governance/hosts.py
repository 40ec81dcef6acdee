"""Host names: what looks real, and which belong to free mail that no official account may be linked to.

An official account hangs on an official school or trust address (CIT-3.02, STM-3.02), so an address that
anybody can open in a minute is refused whatever a school writes in its settings.
"""

from __future__ import annotations

import re

from people.governance.who import shown


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FREE_MAIL_DOMAINS = _words(
    """
    gmail.com googlemail.com
    outlook.com outlook.co.uk outlook.fr outlook.de outlook.ie outlook.es outlook.it
    hotmail.com hotmail.co.uk live.com live.co.uk live.fr live.ie live.nl msn.com windowslive.com passport.com
    yahoo.com yahoo.co.uk ymail.com rocketmail.com myyahoo.com
    icloud.com me.com mac.com
    proton.me protonmail.com protonmail.ch pm.me
    aol.com aol.co.uk aim.com
    gmx.com gmx.co.uk gmx.de gmx.net web.de mail.com email.com usa.com consultant.com
    zoho.com zohomail.com zohomail.eu
    fastmail.com fastmail.fm fastmail.co.uk hey.com
    tuta.com tuta.io tutanota.com tutanota.de tutamail.com keemail.me
    yandex.com yandex.ru ya.ru mail.ru bk.ru inbox.ru list.ru rambler.ru
    qq.com 163.com 126.com sina.com naver.com daum.net rediffmail.com
    hushmail.com startmail.com mailbox.org posteo.de posteo.net runbox.com disroot.org riseup.net inbox.com
    btinternet.com btopenworld.com talk21.com sky.com virginmedia.com virgin.net ntlworld.com blueyonder.co.uk
    talktalk.net talktalk.co.uk tiscali.co.uk plusnet.com plus.com o2.co.uk orange.net wanadoo.co.uk
    freeserve.co.uk lineone.net onetel.com madasafish.com fsmail.net uwclub.net
    laposte.net orange.fr wanadoo.fr free.fr sfr.fr libero.it t-online.de
    comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net
    duck.com mozmail.com simplelogin.com anonaddy.com
    mailinator.com guerrillamail.com 10minutemail.com temp-mail.org tempmail.com yopmail.com trashmail.com
    sharklasers.com getnada.com dispostable.com maildrop.cc throwawaymail.com
    """
)

# These sell the same mail under the ending of many countries, so the name is refused with any of them.
FREE_MAIL_BRANDS = _words("gmail googlemail hotmail yahoo ymail icloud protonmail gmx tutanota yandex")

# Endings under which others register: allowing one would let in every school, or every company.
SHARED_ENDINGS = _words(
    "ac.uk co.uk gov.uk judiciary.uk ltd.uk me.uk mod.uk net.uk nhs.uk nic.uk org.uk plc.uk police.uk sch.uk "
    "gov.scot gov.wales llyw.cymru uk.com uk.net gb.net co.com"
)

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_TOP = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{2,59}")
_COUNTRY_ENDING = re.compile(r"(com|co|org|net)?\.?[a-z]{2,3}")


def parse_host(raw: object) -> str:
    """A host name in lower case, such as `ourschool.sch.uk`. A leading @ is forgiven.

    Raises:
        ValueError: it is not text, is a whole address or link, or cannot be a host name.
    """
    if not isinstance(raw, str):
        raise ValueError("A domain must be written as text, such as “ourschool.sch.uk”.")
    host = raw.strip().lower().removeprefix("@")
    if "://" in host or "/" in host:
        raise ValueError(
            f"“{shown(raw)}” is a web address. Give the domain alone, such as “ourschool.sch.uk”."
        )
    if "@" in host:
        raise ValueError(f"“{shown(raw)}” is an e-mail address. Give only the part after the @.")
    labels = host.split(".")
    looks_real = (
        len(host) <= 253
        and len(labels) >= 2
        and all(_LABEL.fullmatch(label) for label in labels)
        and _TOP.fullmatch(labels[-1])
    )
    if not looks_real:
        raise ValueError(f"“{shown(raw)}” is not a domain. It should look like “ourschool.sch.uk”.")
    return host


def is_free_mail(host: str) -> bool:
    """Whether a host, or one that it hangs under, belongs to a free or disposable mail service."""
    labels = host.split(".")
    if any(".".join(labels[start:]) in FREE_MAIL_DOMAINS for start in range(len(labels) - 1)):
        return True
    return any(
        label in FREE_MAIL_BRANDS and _COUNTRY_ENDING.fullmatch(".".join(labels[place + 1 :])) is not None
        for place, label in enumerate(labels[:-1])
    )


def parse_mail_domain(raw: object) -> str:
    """A domain whose addresses only the school or trust hands out.

    Raises:
        ValueError: as `parse_host`, and for free mail and for endings that many organisations share.
    """
    host = parse_host(raw)
    if is_free_mail(host):
        raise ValueError(
            f"“{shown(host)}” is free mail. An official account needs an address of the school or the trust."
        )
    if host in SHARED_ENDINGS:
        raise ValueError(f"“{shown(host)}” is shared by many organisations. Give your own domain in full.")
    return host
