// Username, password and toggle, up to the proof.
const MISMATCH = "You have selected the Live Account Mode, but the specified user is a Paper Trading user. Please select the correct Login mode.";

class Form {
  constructor(widget, factors) {
    Object.assign(this, { widget, factors, moods: widget.moods, wire: widget.wire });
    this.username = widget.find(".xyz-username");
    this.password = widget.find(".xyz-password");
    this.toggle = widget.find("#toggle1");
    if (this.toggle) {
      this.toggle.checked = this.moods.start_in_paper;
      this.toggle.addEventListener("change", () => this.setMode(true));
    }
    this.setMode(false);
    this.askForPassword(!this.moods.two_step);
    widget.on("form.xyzform-username", "submit", () => (this.asksForPassword ? this.login() : this.stepOn()));
  }

  askForPassword(asks) {
    this.asksForPassword = asks;
    this.widget.all(".xyz-step-password").forEach((part) => { part.style.display = asks ? "" : "none"; });
    this.widget.show("username-submit", !asks);
  }

  stepOn() {
    if (!this.username.value) return;
    this.widget.busy();
    setTimeout(() => { this.askForPassword(true); this.password.focus(); }, this.moods.overlay_ms);
  }

  setMode(changed) {
    const paper = this.toggle !== null && this.toggle.checked;
    this.wire.loginType = paper ? 2 : 1;
    this.widget.find(".xyz-logintype").value = this.wire.loginType;
    document.body.classList.toggle("paper-trading", paper);
    this.widget.find(".simulated-banner").style.display = paper ? "" : "none";
    const [live, simulated] = this.widget.all(".xyz-button-login");
    if (simulated) {
      live.style.display = paper ? "none" : "";
      simulated.style.display = paper ? "" : "none";
    } else {
      live.textContent = paper ? "Simulated Login" : "Login";
      live.classList.toggle("btn-danger", paper);
      live.classList.toggle("btn-primary", !paper);
    }
    if (changed && this.moods.clear_fields_on_toggle) this.username.value = this.password.value = "";
  }

  async login() {
    const { moods, widget, wire } = this;
    if (moods.wedged) return;
    widget.busy();
    if (moods.error_text) return widget.fail(moods.error_text);
    wire.user = this.username.value.trim().toLowerCase();
    const proof = new Proof();
    const ini = await wire.ask("INIT", { A: proof.A });
    if (ini.error) return widget.fail(ini.error);
    // The refusal came after INIT and before any COMPLETEAUTH in the capture.
    if (ini.paper && wire.loginType === 1 && !moods.no_toggle) return widget.fail(MISMATCH);
    const own = proof.answer(wire.user, this.password.value, ini);
    const answer = await wire.ask("COMPLETEAUTH", { M1: own.M1, VERSION: 1, EKX: own.EKX });
    if (!answer.M2 || BigInt("0x" + answer.M2) !== own.M2) {
      return widget.fail(answer.error || (answer.reached_max_login ? moods.locked_text : moods.wrong_text));
    }
    Wire.setCookies({ "XYZAB_AM.LOGIN": own.sk, XYZAB: own.sk });
    const factors = answer.sftypes || [];
    if (factors.length === 0) return widget.dispatch();
    widget.show("username", false);
    await this.factors.begin(factors, own.M1);
  }
}
