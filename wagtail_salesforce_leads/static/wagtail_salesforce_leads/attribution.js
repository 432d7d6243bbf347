/**
 * Tells a lead form where its visitor came from: one hidden field, filled when the form is sent.
 *
 *   <html data-lead-consent="yes">
 *   <main data-lead-variant="b"><form data-lead-form>…</form></main>
 *   <form data-lead-context>…</form>   a classic form page's, which form.js leaves alone
 *
 * Campaign parameters of this page's address are always known. Those of the first and the last
 * visit are remembered only with data-lead-consent="yes", which the site's own consent banner sets
 * at any time; "no" forgets them. No cookie, no third party.
 */
const NAMES = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];
const FIRST = "wsl-first-touch";
const LAST = "wsl-last-touch";

function consent() {
  return document.documentElement.dataset.leadConsent;
}

/** {utm_…: text} of this page's address. */
function here() {
  const query = new URLSearchParams(window.location.search);
  const given = NAMES.filter((name) => query.get(name));
  return Object.fromEntries(given.map((name) => [name, query.get(name)]));
}

function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key)) || {};
  } catch {
    return {};
  }
}

/** First touch outlives the visit, last touch ends with it. Storage may be full or forbidden. */
function remember() {
  const now = here();
  try {
    if (consent() === "no") {
      localStorage.removeItem(FIRST);
      sessionStorage.removeItem(LAST);
    } else if (consent() === "yes" && Object.keys(now).length) {
      sessionStorage.setItem(LAST, JSON.stringify(now));
      if (!localStorage.getItem(FIRST)) localStorage.setItem(FIRST, JSON.stringify(now));
    }
  } catch {
    // Attribution is then what the address says.
  }
}

function remembered() {
  if (consent() !== "yes") return {};
  const first = Object.entries(read(localStorage, FIRST));
  return {
    ...read(sessionStorage, LAST),
    ...Object.fromEntries(first.map(([name, text]) => [`first_${name}`, text])),
  };
}

/** What the browser knows of the server's `context.NAMES`. */
function contextOf(form) {
  remember();
  return {
    page_url: window.location.href.split("#")[0],
    page_title: document.title,
    language: document.documentElement.lang,
    referrer: document.referrer,
    variant: form.closest("[data-lead-variant]")?.dataset.leadVariant || "",
    ...remembered(),
    ...here(),
  };
}

/** While the event is on its way down, so that it is filled before anything reads the form. */
function fill(event) {
  const form = event.target;
  if (!form.matches("[data-lead-form], [data-lead-context]")) return;
  let input = form.querySelector('[name="wsl-context"]');
  if (!input) {
    input = Object.assign(document.createElement("input"), { type: "hidden", name: "wsl-context" });
    form.append(input);
  }
  input.value = JSON.stringify(contextOf(form));
}

remember();
document.addEventListener("submit", fill, true);
new MutationObserver(remember).observe(document.documentElement, {
  attributeFilter: ["data-lead-consent"],
});
