// The second factors but the notification: which device, how a code is sent, the code. The labels are those of
// bogdanripa/ibkr-gateway, of IBKR's guide and of the older script.
const LABELS = {
  "3": "Security Code Card", "4": "Mobile Authenticator App", "4.1": "Digital Security Card", "4.2": "SMS",
  "5": "Platinum or Gold Device", "5.1": "Digital Security Card+", "5.2a": "IB Key", "5.2i": "IB Key",
  "6": "Temporary Security Code", "passkey": "Passkey", "email": "Email", "9.9": "Carrier Pigeon",
};

class Factors {
  constructor(widget) {
    Object.assign(this, { widget, moods: widget.moods, wire: widget.wire, push: new Push(widget, this) });
    for (const name of ["gold", "silver", "bronze", "temp"]) widget.on(`form.xyzform-${name}`, "submit", () => this.sendCode(name));
    for (const name of ["fido", "other"]) widget.on(`form.xyzform-${name}`, "submit", () => {});
    widget.on("select.xyz-multipleselect", "change", (event) => event.target.value && this.choose(event.target.value));
    for (const way of ["text", "voice", "email"]) widget.on(".xyz-otp-select-" + way, "click", () => this.deliver(way));
    widget.on(".xyz-otp-cancel", "click", () => { widget.show("otpselector", false); widget.show("username"); });
    widget.on(".xyz-resend-sms-button", "click", () => this.ask({ DELIVERY: this.way }));
  }

  async begin(factors, m1) {
    this.m1 = m1;
    if (this.moods.frame === "factor") await this.widget.moveIntoFrame();
    if (factors.length === 1) return this.choose(factors[0]);
    const options = [["", "Select Type"], ...factors.map((factor) => [factor, LABELS[factor] || factor])];
    this.widget.find("select.xyz-multipleselect").replaceChildren(...options.map(([value, label]) => new Option(label, value)));
    this.widget.show("multiplesf");
  }

  ask(fields = {}) {
    return this.wire.ask("COMPLETEAUTH_1", { M1: this.m1, VERSION: 1, SF: this.factor, ...fields });
  }

  async choose(factor) {
    this.factor = factor;
    if (factor === "4.2" && this.moods.otp_selector) return this.widget.show("otpselector");
    await this.start(await this.ask());
  }

  async deliver(way) {
    this.way = way;
    this.widget.show("otpselector", false);
    await this.start(await this.ask({ DELIVERY: way }));
  }

  async start(answer) {
    if (answer.error) return this.widget.fail(answer.error);
    if (this.moods.factor_error) this.widget.fail(this.moods.factor_error);
    const { type, challenge } = answer.two_factor;
    switch (type) {
      case "PUSH": case "QR": return this.push.start(type, challenge);
      case "SWCR": return this.showChallenge(challenge);
      case "SWTK": return this.showCode(this.factor === "3" ? "bronze" : "silver");
      case "IBTK": return this.showCode("temp");
      case "passkey": return this.widget.show("fido");
      // An older variant of what is at /restricted/ today (file#52213379022).
      case "email":
        this.widget.find(".xyz-temp-text").textContent = "We have sent a verification code to your email address.";
        this.widget.find(".xyz-field-temp-response-label").textContent = "Email Code";
        return this.showCode("temp");
      default: return this.widget.show("other");
    }
  }

  showChallenge(challenge) {
    this.widget.find(".xyz-goldchallenge").textContent = challenge;
    this.showCode("gold");
  }

  // The placeholder tells the app's code from the one of a text message (Voyz/ibeam#226).
  showCode(block) {
    const field = this.widget.find(`#xyz-field-${block}-response`);
    if (this.factor === "4") {
      const label = this.widget.find(".xyz-field-silver-response-label");
      label.textContent = field.placeholder = "Mobile Authenticator App Code";
      field.setAttribute("aria-label", field.placeholder);
    }
    if (this.factor === "4.2") {
      const resend = this.widget.find(".xyz-resend-sms-button");
      resend.style.display = "";
      setTimeout(() => { resend.disabled = false; }, this.moods.resend_after_ms);
    }
    field.disabled = true;
    this.widget.show(block);
    setTimeout(() => { field.disabled = false; field.focus(); }, this.moods.silver_disabled_ms);
  }

  async sendCode(block) {
    this.widget.busy();
    const field = this.widget.find(`#xyz-field-${block}-response`);
    const answer = await this.wire.ask("COMPLETETWOFACT", { RESPONSE: field.value.trim(), VERSION: 1, SF: this.factor });
    if (answer.auth_res) return this.widget.dispatch();
    field.value = "";
    this.widget.fail(answer.error || "Authentication failed");
  }
}
