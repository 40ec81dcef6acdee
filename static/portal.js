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

// On a phone the filters of a list start closed, unless some are in force.
function filters() {
  const narrow = window.matchMedia("(max-width: 40em)").matches;
  for (const bar of document.querySelectorAll("[data-module='app-filter']")) {
    if (narrow && !bar.dataset.chosen) bar.open = false;
  }
}

// A button with data-print prints the page; it is hidden where there is no script to do it.
function printing() {
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

document.addEventListener("click", plainRadios);
window.addEventListener("pageshow", plainRadios);
filters();
printing();
components(document);

// Sections that htmx puts into the page get their components too.
document.addEventListener("htmx:afterSwap", (event) => components(event.detail.target));
