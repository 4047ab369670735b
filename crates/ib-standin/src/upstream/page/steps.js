// From the submitted form to the Dispatcher. SERVICE and the fields are those of the page's own
// requests (capture of May 2026, machdat/broker-gateway).
const LABELS = { "4": "Mobile Authenticator App", "5.2a": "IB Key" };
const WRONG = "Invalid username password combination";
// No capture of the text for a locked username is public; this one is a guess.
const LOCKED = "Too many failed login attempts. Your account is locked.";
const MISMATCH = "You have selected the Live Account Mode, but the specified user is a Paper Trading user. Please select the correct Login mode.";

class Steps {
  constructor(settings, root) {
    Object.assign(this, { moods: settings.MOODS, service: settings.SERVICE, root });
    const toggle = this.find("#toggle1");
    toggle.checked = this.moods.start_in_paper;
    toggle.addEventListener("change", () => this.setMode(true));
    this.setMode(false);
    this.on("form.xyzform-username", "submit", () => this.login());
    this.on("form.xyzform-silver", "submit", () => this.sendCode());
    this.on("select.xyz-multipleselect", "change", (event) => event.target.value && this.choose(event.target.value));
    this.on(".xyz-resendnotification", "click", () => this.ask("COMPLETEAUTH_1", { VERSION: 1, SF: this.factor }));
    for (const other of ["gold", "bronze", "temp", "fido"]) this.on(`form.xyzform-${other}`, "submit", () => {});
  }

  find(selector) { return this.root.querySelector(selector); }
  show(block, visible) { this.find(".xyzblock-" + block).style.display = visible ? "" : "none"; }
  on(selector, event, act) {
    this.find(selector).addEventListener(event, (happened) => { if (event === "submit") happened.preventDefault(); act(happened); });
  }

  setMode(changed) {
    this.loginType = this.find("#toggle1").checked ? 2 : 1;
    const paper = this.loginType === 2;
    this.find(".xyz-logintype").value = this.loginType;
    document.body.classList.toggle("paper-trading", paper);
    this.find(".simulated-banner").style.display = paper ? "" : "none";
    this.find(".xyz-button-login.btn-primary").style.display = paper ? "none" : "";
    this.find(".xyz-button-login.btn-danger").style.display = paper ? "" : "none";
    if (changed && this.moods.clear_fields_on_toggle) {
      for (const field of ["#xyz-field-username", "#xyz-field-password"]) this.find(field).value = "";
    }
  }

  fail(text) {
    this.find(".xyz-errormessage").textContent = text;
    this.show("error", text !== "");
  }

  busy() {
    this.fail("");
    this.show("loading", true);
    setTimeout(() => this.show("loading", false), this.moods.overlay_ms);
  }

  ask(action, fields) {
    const form = new URLSearchParams({ ACTION: action, USER: this.user, ...fields, RESP_TYPE: "JSON", LOGIN_TYPE: this.loginType, SERVICE: this.service });
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", "/sso/Authenticator");
      request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
      request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
      request.setRequestHeader("Accept", "application/json, text/javascript, */*; q=0.01");
      request.onerror = () => resolve({ error: "Authentication failed" });
      request.onload = () => {
        try { resolve(JSON.parse(request.responseText)); } catch { request.onerror(); }
      };
      request.send(form);
    });
  }

  async login() {
    if (this.moods.wedged) return;
    this.busy();
    if (this.moods.error_text) return this.fail(this.moods.error_text);
    this.user = this.find("#xyz-field-username").value.trim().toLowerCase();
    const proof = new Proof();
    const ini = await this.ask("INIT", { A: proof.A });
    if (ini.error) return this.fail(ini.error);
    // The refusal came after INIT and before any COMPLETEAUTH in the capture.
    if (ini.paper && this.loginType === 1) return this.fail(MISMATCH);
    const own = proof.answer(this.user, this.find("#xyz-field-password").value, ini);
    this.m1 = own.M1;
    const answer = await this.ask("COMPLETEAUTH", { M1: own.M1, VERSION: 1, EKX: own.EKX });
    if (!answer.M2 || BigInt("0x" + answer.M2) !== own.M2) {
      return this.fail(answer.error || (answer.reached_max_login ? LOCKED : WRONG));
    }
    Steps.setCookies({ "XYZAB_AM.LOGIN": own.sk, XYZAB: own.sk });
    const factors = answer.sftypes || [];
    if (factors.length === 0) return this.dispatch();
    this.show("username", false);
    if (factors.length === 1) return this.choose(factors[0]);
    const options = [["", "Select Type"], ...factors.map((factor) => [factor, LABELS[factor] || factor])];
    this.find("select.xyz-multipleselect").replaceChildren(...options.map(([value, label]) => new Option(label, value)));
    this.show("multiplesf", true);
  }

  async choose(factor) {
    this.factor = factor;
    const answer = await this.ask("COMPLETEAUTH_1", { M1: this.m1, VERSION: 1, SF: factor });
    if (answer.error) return this.fail(answer.error);
    if (answer.two_factor.type === "PUSH") {
      this.show("notification", true);
      return this.awaitPush(1);
    }
    const field = this.find("#xyz-field-silver-response");
    field.disabled = true;
    this.show("silver", true);
    setTimeout(() => { field.disabled = false; field.focus(); }, this.moods.silver_disabled_ms);
  }

  async awaitPush(counter) {
    const answer = await this.ask("COMPLETETWOFACT", { PUSH: true, counter, VERSION: 1, SF: this.factor });
    if (answer.auth_res) return this.dispatch();
    setTimeout(() => this.awaitPush(counter + 1), 3000);
  }

  async sendCode() {
    this.busy();
    const field = this.find("#xyz-field-silver-response");
    const answer = await this.ask("COMPLETETWOFACT", { RESPONSE: field.value.trim(), VERSION: 1, SF: this.factor });
    if (answer.auth_res) return this.dispatch();
    field.value = "";
    this.fail(answer.error || "Authentication failed");
  }

  dispatch() {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: "/sso/Dispatcher" });
    for (const [name, value] of [["loginType", this.loginType], ["forwardTo", 22]]) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(form);
    form.submit();
  }

  // The domain is the host name without its first label: any host but localhost loses the login
  // (hackingthemarkets/interactive-brokers-web-api#2).
  static setCookies(cookies) {
    const domain = location.hostname.split(".").slice(1).join(".");
    for (const [name, value] of Object.entries(cookies)) {
      document.cookie = `${name}=${value}; path=/; secure${domain && "; domain=" + domain}`;
    }
  }
}

window.IBSSO = { XYZ: { inject(settings, done) {
  if (settings.MOODS.never) return;
  const expiry = Date.now() + 10 * 365 * 86400000;
  Steps.setCookies({ SBID: Math.random().toString(36).slice(2) + expiry.toString(36), web: "1" });
  setTimeout(() => {
    const wrapper = document.querySelector(settings.WRAPPER);
    wrapper.innerHTML = markup();
    new Steps(settings, wrapper);
    done();
  }, settings.MOODS.form_delay_ms);
} } };
