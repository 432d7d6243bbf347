(() => {
  const { ask, say, fillSelect, schemaOf } = window.salesforceLeads;

  /**
   * Account → campaign → its statuses, lead sources and properties. Selects keep what is stored:
   * a value that the org no longer has is shown as missing, never dropped.
   *
   * @fires wsl-integration:reading - what the account offers is asked for
   * @fires wsl-integration:schema - with `detail.schema`, once it is known or its account changed
   * @fires wsl-integration:campaign - with `detail`, what the org says of the chosen campaign
   *
   * @example
   * <div data-controller="wsl-integration" data-wsl-integration-urls-value="{…}"
   *      data-wsl-integration-words-value="{…}">
   *   <div data-contentpath="sync"><input type="checkbox"></div>
   *   <select data-wsl-integration-target="account"></select>
   *   <p data-wsl-integration-target="accountNote"></p>
   *   <select data-wsl-integration-target="status"></select>
   *   <select data-wsl-integration-target="source"></select>
   * </div>
   */
  class IntegrationController extends window.StimulusModule.Controller {
    static targets = ["account", "accountNote", "status", "source"];

    static values = { urls: Object, words: Object };

    initialize() {
      this.sync = this.element.querySelector('[data-contentpath="sync"] input[type="checkbox"]');
      this.sync.addEventListener("change", () => this.syncChanged());
      const panel = this.element.closest("[data-panel]");
      this.heading = panel?.querySelector("[data-panel-heading-text]");
      this.heading?.classList.add("wsl-summary");
      panel?.addEventListener("wagtail:panel-toggle", () => this.summarize());
    }

    connect() {
      this.showWhatIsUsed();
      this.loadAccounts();
      this.loadSchema();
    }

    get account() {
      return this.accountTarget.value;
    }

    /** The rest of the panel matters only while leads are synced; a status needs a campaign. */
    showWhatIsUsed() {
      const parts = this.element.querySelectorAll(":scope > [data-contentpath]");
      const hasStatus = this.campaign || this.statusTarget.value;
      parts.forEach((part) => {
        const { contentpath } = part.dataset;
        const isUseless = !this.sync.checked || (contentpath === "lead_status" && !hasStatus);
        part.hidden = isUseless && contentpath !== "sync";
      });
    }

    /** In the panel's heading, in sight whether the panel is open or collapsed. */
    summarize() {
      if (!this.heading) return;
      const { on, off, noneChosen } = this.wordsValue;
      const [chosen] = this.accountTarget.selectedOptions;
      const account = chosen?.value ? chosen.text : noneChosen;
      const isOn = this.sync.checked && Boolean(this.account);
      this.heading.textContent = this.sync.checked ? say(on, { account }) : off;
      this.heading.classList.toggle("wsl-summary--on", isOn);
    }

    /** With one account only there is nothing to choose. */
    syncChanged() {
      this.showWhatIsUsed();
      const accounts = Array.from(this.accountTarget.options).filter((option) => option.value);
      if (this.sync.checked && !this.account && accounts.length === 1) {
        this.accountTarget.value = accounts[0].value;
        this.accountChosen();
      }
      this.summarize();
    }

    accountChosen() {
      this.summarize();
      this.loadSchema();
    }

    sourceChosen() {
      this.dispatch("source");
    }

    async loadAccounts() {
      const parameters = { from: window.location.pathname, account: this.account };
      const answer = await ask(this.urlsValue.orgs, parameters).catch(() => ({}));
      const { orgs = [] } = answer;
      this.fill(this.accountTarget, orgs.map(({ id, name }) => [id, name]), "orgs" in answer);
      this.accountNoteTarget.textContent = answer.orgs?.length === 0 ? this.wordsValue.none : "";
      this.summarize();
    }

    refresh() {
      this.loadSchema({ isForced: true });
    }

    async loadSchema({ isForced = false } = {}) {
      const { account } = this;
      const { unreachable } = this.wordsValue;
      this.dispatch("reading");
      const schema = await schemaOf(this.urlsValue.properties, account, { isForced, unreachable });
      if (account !== this.account || !this.element.isConnected) return;
      const sources = schema.leadSources.map(({ value, label }) => [value, label]);
      this.fill(this.sourceTarget, sources, schema.properties.length > 0);
      this.dispatch("schema", { detail: { schema } });
      this.loadStatuses();
    }

    /** The statuses are the campaign's own; each campaign has others. */
    async loadStatuses() {
      const { account, campaign } = this;
      const answer = account && campaign ? await this.readStatuses(account, campaign) : {};
      if (account !== this.account || campaign !== this.campaign) return;
      const { statuses = [] } = answer;
      const isKnown = "campaign" in answer;
      this.fill(this.statusTarget, statuses.map(({ label }) => [label, label]), isKnown);
      this.showWhatIsUsed();
      this.dispatch("campaign", { detail: answer });
    }

    async readStatuses(org, campaign) {
      try {
        return await ask(this.urlsValue.statuses, { org, campaign });
      } catch (error) {
        return { message: error.message || this.wordsValue.unreachable };
      }
    }

    /** The id of the chosen campaign, read where its widget keeps it. */
    get campaign() {
      const stored = this.element.querySelector('[data-wsl-campaign-target="value"]').value;
      return stored ? JSON.parse(stored).id : "";
    }

    /** What a select holds is missing only where we know what there is. */
    fill(select, options, isKnown) {
      const missing = (name) => say(this.wordsValue.missing, { name });
      fillSelect(select, options, isKnown ? missing : (name) => name);
    }
  }

  window.wagtail.app.register("wsl-integration", IntegrationController);
})();
