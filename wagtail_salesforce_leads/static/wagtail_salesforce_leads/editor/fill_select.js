/**
 * Puts options into a select. What it holds stays: a value that is not offered is kept as an option.
 *
 * @param {HTMLSelectElement} select - its first option is the empty one
 * @param {[string, string][]} options - value and text
 * @param {function(string): string} nameKept - the text of a value that is not offered
 */
window.salesforceLeads.fillSelect = (select, options, nameKept) => {
  const { value } = select;
  const isOffered = !value || options.some(([offered]) => offered === value);
  const kept = isOffered ? [] : [[value, nameKept(value)]];
  const [empty] = select.options;
  const added = [...kept, ...options].map(([offered, text]) => new Option(text, offered));
  select.replaceChildren(empty, ...added);
  select.value = value;
};
