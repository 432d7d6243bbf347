(() => {
  const { post, make } = window.salesforceLeads;

  /**
   * Shows what the form on the screen would send, and sends a test lead as it was published.
   *
   * @example
   * <div data-controller="wsl-trial" data-wsl-trial-urls-value="{…}" data-wsl-trial-words-value="{…}">
   *   <button type="button" data-action="wsl-trial#show">Show what would be sent</button>
   *   <button type="button" data-action="wsl-trial#send">Send a test lead</button>
   *   <div role="status" data-wsl-trial-target="result"></div>
   * </div>
   */
  class TrialController extends window.StimulusModule.Controller {
    static targets = ["result"];

    static values = { urls: Object, words: Object };

    connect() {
      this.form = this.element.closest('[data-controller~="wsl-form"]');
    }

    async show() {
      const { panel } = this;
      if (!panel.account) return this.say(this.wordsValue.noAccount);
      return this.attempt(async () => this.draw(await post(this.urlsValue.dryRun, panel)));
    }

    send() {
      const form = this.form.querySelector('[data-contentpath="form_key"] input')?.value ?? "";
      return this.attempt(async () => {
        const { url } = await post(this.urlsValue.testLead, { form });
        const link = make("a", { href: url, textContent: this.wordsValue.see });
        this.resultTarget.replaceChildren(this.wordsValue.sent, " ", link);
      });
    }

    /** The state of the panel, saved or not. */
    get panel() {
      const value = (target) => this.form.querySelector(`[data-wsl-${target}]`).value;
      const form = this.application.getControllerForElementAndIdentifier(this.form, "wsl-form");
      return {
        account: value('integration-target="account"'),
        campaign: JSON.parse(value('campaign-target="value"') || "null"),
        lead_status: value('integration-target="status"'),
        lead_source: value('integration-target="source"'),
        mapping: JSON.parse(value('mapping-target="value"') || "[]"),
        fields: form.fields,
      };
    }

    async attempt(act) {
      try {
        await act();
      } catch (error) {
        this.say(error.message || this.wordsValue.unreachable);
      }
    }

    say(text) {
      this.resultTarget.replaceChildren(text);
    }

    draw({ lead, member, problems }) {
      const { wordsValue: words } = this;
      const list = make("dl");
      const add = (name, value) => {
        list.append(make("dt", { textContent: name }), make("dd", { textContent: value }));
      };
      lead.forEach(({ label, value }) => add(label, String(value)));
      if (member) add(words.campaign, member.campaign);
      if (member) add(words.status, member.status || words.default);
      const wrong = problems.map((text) =>
        make("p", { className: "wsl-mapping__note wsl-mapping__note--error", textContent: text }),
      );
      if (!lead.length && !wrong.length) this.say(words.nothing);
      else this.resultTarget.replaceChildren(...wrong, list);
    }
  }

  window.wagtail.app.register("wsl-trial", TrialController);
})();
