(() => {
  const { ask, post } = window.salesforceLeads;

  const NOTHING = { properties: [], leadSources: [], asOf: "", message: "" };

  /** What is known of each account, shared by the forms of a page. */
  const schemas = new Map();

  const read = async (url, org, isForced, unreachable) => {
    try {
      const schema = isForced ? await post(url, { org }) : await ask(url, { org });
      return { ...NOTHING, ...schema };
    } catch (error) {
      schemas.delete(org);
      return { ...NOTHING, message: error.message || unreachable };
    }
  };

  /**
   * What an account offers. Never rejects: `message` says what went wrong.
   *
   * @param {string} url
   * @param {string} account - "" offers nothing
   * @param {{isForced: boolean, unreachable: string}} options - `isForced` asks Salesforce itself,
   *   not our copy of it; `unreachable` are the words where the server has none
   * @returns {Promise<{properties, leadSources, asOf, message}>}
   */
  window.salesforceLeads.schemaOf = (url, account, { isForced, unreachable }) => {
    if (!account) return Promise.resolve(NOTHING);
    if (isForced || !schemas.has(account)) {
      schemas.set(account, read(url, account, isForced, unreachable));
    }
    return schemas.get(account);
  };
})();
