"""What a browser would send for a form that it was shown, read from the page itself."""

from xml.etree.ElementTree import Element

from core.tests.markup import parse


def fields_sent(markup: str, form: int = 0) -> dict[str, list[str]]:
    """Name and values of every box of the n-th POST form of the page's main part, as they stand."""
    main = next(parse(markup).iter("main"))
    forms = [each for each in main.iter("form") if (each.get("method") or "").lower() == "post"]
    return boxes_of(forms[form])


def boxes_of(form: Element) -> dict[str, list[str]]:
    """The boxes of one form or fragment that a browser would send unchanged."""
    sent: dict[str, list[str]] = {}
    for box in form.iter():
        name = box.get("name") if isinstance(box.tag, str) else None
        if not name or box.get("disabled") is not None:
            continue
        for value in _values(box):
            sent.setdefault(name, []).append(value)
    sent.pop("csrfmiddlewaretoken", None)
    return sent


def _values(box: Element) -> list[str]:
    if box.tag == "textarea":
        # A browser drops the first line end of a text area and sends line ends as two characters.
        return [("".join(box.itertext())).removeprefix("\n").replace("\n", "\r\n")]
    if box.tag == "select":
        options = list(box.iter("option"))
        chosen = [each for each in options if each.get("selected") is not None] or options[:1]
        return [each.get("value") or "" for each in chosen]
    if box.tag != "input" or box.get("type") in ("submit", "button", "image", "reset"):
        return []
    if box.get("type") in ("radio", "checkbox"):
        return [box.get("value", "on")] if box.get("checked") is not None else []
    return [box.get("value") or ""]
