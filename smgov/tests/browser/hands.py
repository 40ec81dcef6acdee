"""Two ways to use a page: with a pointer, or with the keyboard alone."""

from playwright.sync_api import Locator, Page


class Pointer:
    """Clicks and types."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, name: str) -> None:
        """The button or link of the page's main part with this name."""
        self._named(name).click()
        self.page.wait_for_load_state()

    def type(self, label: str, text: str) -> None:
        """Into the field with this label."""
        self._field(label).fill(text)

    def choose(self, label: str, option: str) -> None:
        """One option of a list, by the beginning of its words."""
        field = self._field(label)
        words = [text for text in field.locator("option").all_inner_texts() if text.startswith(option)]
        field.select_option(label=words[0])

    def tick(self, label: str) -> None:
        """A box or a radio."""
        self._field(label).check()

    def _named(self, name: str) -> Locator:
        main = self.page.locator("main")
        return (
            main.get_by_role("button", name=name, exact=True)
            .or_(main.get_by_role("link", name=name, exact=True))
            .first
        )

    def _field(self, label: str) -> Locator:
        if label.startswith("#"):  # where two labels begin alike
            return self.page.locator(label)
        return self.page.locator("main").get_by_label(label, exact=False).first


class Keyboard(Pointer):
    """Tab, arrows, space and Enter, and nothing else."""

    def press(self, name: str) -> None:
        """Go to it and press Enter."""
        self._go_to(self._named(name))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def type(self, label: str, text: str) -> None:
        """Go to the field and type."""
        self._go_to(self._field(label))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def choose(self, label: str, option: str) -> None:
        """Type the beginning of the option's words."""
        self._go_to(self._field(label))
        self.page.keyboard.type(option)

    def tick(self, label: str) -> None:
        """Space; a radio group takes the arrows."""
        field = self._field(label)
        if field.get_attribute("type") == "radio":
            first = self.page.locator(f"input[name={field.get_attribute('name')}]").first
            self._go_to(first)
            for _ in range(10):
                if field.evaluate("element => element === document.activeElement"):
                    break
                self.page.keyboard.press("ArrowDown")
            self.page.keyboard.press("Space")
        else:
            self._go_to(field)
            self.page.keyboard.press("Space")
        assert field.is_checked()

    def _go_to(self, target: Locator) -> None:
        target.wait_for()
        for _ in range(150):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")
