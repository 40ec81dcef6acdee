// Small comforts. Every page works without this file.
const own = document.querySelector("script[data-components]");

// The page components: focus on the error summary, revealed fields, character counts, and so on.
async function components(scope) {
  try {
    const { initAll } = await import(own.dataset.components);
    initAll({ scope });
    plainRadios();
  } catch (fault) {
    // Without the components, what they would hide must stay visible.
    document.body.classList.remove("govuk-frontend-supported");
  }
}

// A radio button has no "expanded" in the language of screen readers, though the components set it.
function plainRadios() {
  for (const radio of document.querySelectorAll("input[type='radio'][aria-expanded]")) {
    radio.removeAttribute("aria-expanded");
  }
}

// On a desk the menu and the filters stand open. New browsers do so by the styles alone.
function openOnDesk() {
  if (CSS.supports("selector(::details-content)")) return;
  for (const part of document.querySelectorAll("details[data-open-from]")) {
    if (window.matchMedia(`(min-width: ${part.dataset.openFrom})`).matches) part.open = true;
  }
}

// A button with data-print prints the page; it is hidden where there is no script to do it.
function printing() {
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

// A button with data-copy copies the words of the element whose id it names, and says so in the next element.
function copying() {
  if (!navigator.clipboard?.writeText) return;
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const words = document.getElementById(button.dataset.copy);
    const said = document.querySelector(`[data-copied="${button.dataset.copy}"]`);
    if (!words || !said) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      // Emptied first, so that the same words are announced a second time.
      said.textContent = "";
      let done = true;
      try {
        await navigator.clipboard.writeText(words.innerText);
      } catch (fault) {
        done = false;
      }
      setTimeout(() => {
        said.textContent = done ? "Copied." : "It could not be copied. Select the words and copy them.";
      }, 100);
    });
  }
}

document.addEventListener("click", plainRadios);
window.addEventListener("pageshow", plainRadios);
openOnDesk();
printing();
copying();
components(document);

// Sections that htmx puts into the page get their components too.
document.addEventListener("htmx:afterSwap", (event) => components(event.detail.target));
