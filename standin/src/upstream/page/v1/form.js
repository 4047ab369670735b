// Username and password of the page before. It proves the password while the form is filled in: INIT when the username
// loses the focus, COMPLETEAUTH when the password does. A user who submits before both answers are back reads that the
// password is wrong (Voyz/ibeam#21, #65, #84, #100, PR#12), and nothing on the page tells when they are.
const byId = (id) => document.getElementById(id);
const shown = (element, visible = true) => { element.style.display = visible ? "" : "none"; };

class FormBefore {
  constructor(moods) {
    Object.assign(this, { moods, wire: new Wire(), username: byId("user_name"), password: byId("password") });
    this.factors = new FactorsBefore(this);
    const toggle = byId("paperSwitch");
    if (moods.no_toggle) toggle.parentElement.remove();
    toggle.checked = moods.start_in_paper;
    toggle.addEventListener("change", () => this.setMode(toggle.checked, true));
    this.setMode(toggle.checked && !moods.no_toggle, false);
    this.username.addEventListener("blur", () => this.begin());
    this.password.addEventListener("blur", () => this.prove());
    byId("loginform").addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
  }

  setMode(paper, changed) {
    this.wire.loginType = paper ? 2 : 1;
    byId("loginType").value = this.wire.loginType;
    document.body.className = paper ? "bg-red" : "bg-gray";
    shown(byId("simulated_banner"), paper);
    shown(byId("liveSpan"), !paper);
    shown(byId("paperSpan"), paper);
    if (changed && this.moods.clear_fields_on_toggle) this.username.value = this.password.value = "";
    this.begun = this.proved = null;
    if (changed) this.begin();
  }

  fail(text) {
    byId("ERRORMSG").textContent = text;
    shown(byId("ERRORMSG"), text !== "");
  }

  async begin() {
    const user = this.username.value.trim().toLowerCase();
    if (!user || this.begun && this.wire.user === user) return;
    const begun = { proof: new Proof(), ini: null };
    Object.assign(this, { begun, proved: null });
    this.wire.user = user;
    begun.asked = this.wire.ask("INIT", { MODE: "NORMAL", FORCE_LOGIN: "", A: begun.proof.A });
    begun.ini = await begun.asked;
  }

  // One proof to each INIT: the password that was typed first is the one that counts.
  async prove() {
    const { begun } = this;
    if (!this.password.value || !begun || this.proved) return;
    const proved = this.proved = { answer: null };
    const ini = await begun.asked;
    if (ini.error) return;
    proved.own = begun.proof.answer(this.wire.user, this.password.value, { ...ini, lp: ini.lp !== "false" });
    proved.answer = await this.wire.ask("COMPLETEAUTH", { M1: proved.own.M1, VERSION: 1, EKX: proved.own.EKX });
  }

  submit() {
    const { moods, begun, proved } = this;
    if (moods.wedged) return;
    this.fail("");
    if (moods.error_text) return this.fail(moods.error_text);
    if (this.factors.isAsking) return this.factors.sendCode();
    if (!begun?.ini) return this.fail("ERROR");
    if (begun.ini.error) return this.fail("failed");
    if (!proved?.answer) return this.fail(moods.wrong_text);
    const { answer, own } = proved;
    if (!answer.M2 || BigInt("0x" + answer.M2) !== own.M2) {
      Object.assign(this, { begun: null, proved: null });
      return this.fail(answer.error || (answer.reached_max_login === "true" ? moods.locked_text : moods.wrong_text));
    }
    Wire.setCookies({ "XYZAB_AM.LOGIN": own.sk, XYZAB: own.sk });
    const factors = (answer.sftypes || "").split(",").filter((factor) => factor);
    if (factors.length === 0) return this.dispatch("");
    shown(document.querySelector(".login-step-username"), false);
    this.factors.begin(factors, own.M1);
  }

  dispatch(code) {
    const { own, answer } = this.proved;
    Wire.dispatch({
      user_name: this.wire.user, password: "x".repeat(this.password.value.length), chlginput: code,
      M1: own.M1, M2: answer.M2, loginType: 0, forwardTo: 22,
    });
  }
}
