(() => {
  /**
   * The JSON answer of one of the editor's addresses.
   *
   * @param {string} url
   * @param {Object<string, string>} parameters - query parameters
   * @param {RequestInit} options - for fetch, such as a signal
   * @throws {Error} with the server's words, where it has some
   */
  const ask = async (url, parameters = {}, options = {}) => {
    const response = await fetch(`${url}?${new URLSearchParams(parameters)}`, {
      ...options,
      headers: {
        Accept: "application/json",
        "X-Requested-With": "XMLHttpRequest",
        ...options.headers,
      },
    });
    const isJson = response.headers.get("Content-Type")?.includes("json");
    const answer = isJson ? await response.json() : {};
    if (!response.ok) throw new Error(answer.message || "");
    return answer;
  };

  /** As `ask`, for what changes something or carries more than a query can. */
  const post = (url, body) => {
    const { CSRF_HEADER_NAME, CSRF_TOKEN } = window.wagtailConfig;
    const headers = { "Content-Type": "application/json", [CSRF_HEADER_NAME]: CSRF_TOKEN };
    return ask(url, {}, { method: "POST", body: JSON.stringify(body), headers });
  };

  /** `text` with its `%(name)s` replaced by `values`. */
  const say = (text, values = {}) =>
    text.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);

  /** A new element with properties and children. */
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  /** One of Wagtail's icons. */
  const icon = (name) => {
    const [svg, use] = ["svg", "use"].map((tag) =>
      document.createElementNS("http://www.w3.org/2000/svg", tag),
    );
    svg.setAttribute("class", `icon icon-${name}`);
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `#icon-${name}`);
    svg.append(use);
    return svg;
  };

  /** What the editor's scripts share; each adds its own part. */
  window.salesforceLeads = { ask, post, say, make, icon };
})();
