// Runs before the page is drawn: tells the styles that scripts work, so that nothing flickers.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
