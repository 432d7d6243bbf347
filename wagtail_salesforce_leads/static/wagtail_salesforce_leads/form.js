/**
 * Sends lead forms in place: no reload, no double submit, the focus where the news is. Without it
 * the forms work as plain HTML forms.
 *
 *   <div data-lead-form-place>
 *     <form data-lead-form action="…" method="post" data-message-failed="…" data-message-sending="…">
 *       <div data-lead-form-errors tabindex="-1" hidden><p>…</p><ul></ul></div>
 *       <div data-lead-form-field="name"><input name="name"><p data-lead-form-error hidden></p></div>
 *       <p data-lead-form-status role="status"></p>
 *       <button type="submit">…</button>
 *     </form>
 *     <template data-lead-form-success>…</template>
 *   </div>
 *
 * Events on the form, for a site's own scripts: `lead-form:sent`, `lead-form:refused`.
 */

/** Random for every attempt that is meant to be a submission of its own. */
function token() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function renewToken(form) {
  let input = form.querySelector('[name="wsl-token"]');
  if (!input) {
    input = Object.assign(document.createElement("input"), { type: "hidden", name: "wsl-token" });
    form.append(input);
  }
  input.value = token();
}

function messageItem(text, target) {
  const item = document.createElement("li");
  if (target) {
    const link = document.createElement("a");
    link.href = `#${target.id}`;
    link.textContent = target.label;
    item.append(link, ": ");
  }
  item.append(text);
  return item;
}

/** The element that a link in the summary leads to, with the words of its label. */
function targetOf(field) {
  const control = field.matches("fieldset") ? field : field.querySelector("input, select, textarea");
  const label = field.querySelector("legend, label");
  return { id: control.id, label: label ? label.firstChild.textContent.trim() : control.name };
}

function setError(field, text) {
  const error = field.querySelector("[data-lead-form-error]");
  if (!error) return;
  error.textContent = text;
  error.hidden = !text;
  const controls = [...field.querySelectorAll("input, select, textarea")];
  const described = field.matches("fieldset") ? [field] : controls;
  described.forEach((element) => describe(element, error.id, Boolean(text)));
  controls.forEach((control) => {
    if (text) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  });
}

function describe(element, id, isDescribed) {
  const ids = new Set((element.getAttribute("aria-describedby") || "").split(" ").filter(Boolean));
  if (isDescribed) ids.add(id);
  else ids.delete(id);
  if (ids.size) element.setAttribute("aria-describedby", [...ids].join(" "));
  else element.removeAttribute("aria-describedby");
}

function showErrors(form, errors, message) {
  const summary = form.querySelector("[data-lead-form-errors]");
  const items = message ? [messageItem(message)] : [];
  const unseen = new Set(Object.keys(errors));
  form.querySelectorAll("[data-lead-form-field]").forEach((field) => {
    const texts = errors[field.dataset.leadFormField] || [];
    unseen.delete(field.dataset.leadFormField);
    setError(field, texts.join(" "));
    texts.forEach((text) => items.push(messageItem(text, targetOf(field))));
  });
  unseen.forEach((key) => items.push(messageItem(errors[key].join(" "))));
  summary.querySelector("ul").replaceChildren(...items);
  summary.hidden = items.length === 0;
  if (items.length) summary.focus();
  form.dispatchEvent(new CustomEvent("lead-form:refused", { bubbles: true }));
}

function showSuccess(form) {
  const place = form.closest("[data-lead-form-place]");
  const success = place.querySelector("[data-lead-form-success]").content.cloneNode(true);
  form.dispatchEvent(new CustomEvent("lead-form:sent", { bubbles: true }));
  form.replaceWith(success);
  place.querySelector(".lead-form__success")?.focus();
}

function setSending(form, isSending) {
  form.setAttribute("aria-busy", String(isSending));
  form.querySelector("[type=submit]").setAttribute("aria-disabled", String(isSending));
  const status = form.querySelector("[data-lead-form-status]");
  status.textContent = isSending ? form.dataset.messageSending : "";
}

async function send(form) {
  const response = await fetch(form.getAttribute("action"), {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(new FormData(form)),
  });
  const answer = await response.json();
  if (answer.reload) HTMLFormElement.prototype.submit.call(form);
  else if (answer.redirect) window.location.assign(answer.redirect);
  else if (response.ok) showSuccess(form);
  else showErrors(form, answer.errors || {}, answer.message);
}

async function submit(event) {
  event.preventDefault();
  const form = event.target;
  if (form.getAttribute("aria-busy") === "true") return;
  setSending(form, true);
  try {
    await send(form);
  } catch {
    // The token stays: if the first try did arrive, the next one is the same submission.
    showErrors(form, {}, form.dataset.messageFailed);
  } finally {
    setSending(form, false);
  }
}

function start(form) {
  renewToken(form);
  form.addEventListener("submit", submit);
}

/** Back from another page, the browser may show the form with the token that was used. */
function show(event) {
  if (!event.persisted) return;
  document.querySelectorAll("[data-lead-form]").forEach((form) => {
    renewToken(form);
    setSending(form, false);
  });
}

document.querySelectorAll("[data-lead-form]").forEach(start);
window.addEventListener("pageshow", show);
