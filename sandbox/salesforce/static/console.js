/**
 * Keeps what changes by itself up to date, and asks before an act that cannot be taken back.
 *
 * The page is fetched again every other second. Of a marked part only the table rows that are new or
 * differ are replaced, so that nothing flickers and nobody loses what the keyboard is on.
 *
 * @example
 * <div data-live="calls"><table>…<tbody><tr id="call-7">…</tr></tbody></table></div>
 * <button data-confirm="Forget all leads?">Start over</button>
 */
const SECONDS = 2;
const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)");

/** @param {Element} old @param {Element} fresh */
function replace(old, fresh) {
  if (!old.isEqualNode(fresh) && !old.contains(document.activeElement)) {
    old.replaceWith(document.adoptNode(fresh));
  }
}

/** @param {Element} row One that has just arrived. */
function flash(row) {
  if (!isCalm.matches) row.animate([{ backgroundColor: "#ffb00066" }, {}], 2500);
}

/** @param {HTMLTableSectionElement} body @param {HTMLTableSectionElement} fresh */
function updateRows(body, fresh) {
  const kept = new Set([...fresh.rows].map((row) => row.id));
  for (const row of [...body.rows]) if (!kept.has(row.id)) row.remove();
  [...fresh.rows].forEach((row, place) => {
    const known = document.getElementById(row.id);
    if (known) {
      replace(known, row);
    } else {
      body.insertBefore(document.adoptNode(row), body.rows[place] ?? null);
      flash(row);
    }
  });
}

/** @param {Document} page The page as it is now. */
function update(page) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.querySelector(`[data-live="${part.dataset.live}"]`);
    if (!fresh || part.isEqualNode(fresh)) continue;
    const [body, freshBody] = [part.querySelector("tbody"), fresh.querySelector("tbody")];
    if (body && freshBody) updateRows(body, freshBody);
    else replace(part, fresh);
  }
}

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(window.location.href);
  if (answer.ok) update(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

document.addEventListener("click", (event) => {
  const question = event.target.closest("[data-confirm]")?.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// The simulator may be stopped while its page stays open.
setInterval(() => refresh().catch(() => {}), SECONDS * 1000);
