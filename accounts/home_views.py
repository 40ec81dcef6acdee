"""The first page about social media accounts."""

from core.first_pages import FirstPage


class AccountsHome(FirstPage):
    """The register, requests, comments, and whatever rooms above add."""

    home = "accounts:home"
    heading = "Social media accounts"
    says = "Which accounts the school has, who runs them, and what comes in on them."
