// What is injected: every block at once, all but one hidden. Presence means nothing.
function markup() {
  const hidden = (name, inner) => `<div class="xyzblock xyzblock-${name}" style="display: none;">${inner}</div>`;
  const code = (name, label, before = "", after = "") => hidden(name, `<form class="xyzform-${name}">${before}
    <div class="form-group"><label class="xyz-field-${name}-response-label" for="xyz-field-${name}-response">${label}</label>
    <input type="text" class="form-control form-control-lg xyz-${name}-response" name="${name}-response"
      id="xyz-field-${name}-response" autocomplete="off" required placeholder="${label}" aria-label="${label}"></div>
    ${after}
    <button type="submit" class="btn btn-lg btn-primary">Login</button></form>`);
  return `<div class="xyz-append-hook">
  <div class="simulated-banner" style="display: none;">Simulated</div>
  <div class="xyzblock xyzblock-username"><form class="xyzform-username">
    <div class="toggle-wrapper xyz-paperswitch">
      <input type="checkbox" id="toggle1" class="toggle-checkbox xyz-paper-switch" name="paperSwitch">
      <label for="toggle1"><span class="toggle-label toggle-off">Live</span><span class="toggle-label toggle-on">Paper</span></label>
    </div>
    <input type="hidden" class="xyz-logintype" name="loginType" value="1">
    <div class="form-group"><input type="text" id="xyz-field-username" class="form-control xyz-username" name="username" placeholder="Username" autocomplete="off"></div>
    <div class="form-group"><input type="password" id="xyz-field-password" class="form-control xyz-password" name="password" placeholder="Password" autocomplete="off"></div>
    <button type="submit" class="btn btn-lg btn-primary xyz-button-login">Login</button>
    <button type="submit" class="btn btn-lg btn-danger xyz-button-login" style="display: none;">Simulated Login</button>
  </form></div>
  ${hidden("username-submit", '<button type="submit" class="btn btn-lg btn-primary">Login</button>')}
  ${hidden("loading", '<div class="position-absolute"></div>')}
  ${hidden("error", '<div class="xyz-errormessage"></div>')}
  ${hidden("multiplesf", '<h3>Select Second Factor Device</h3><select class="form-control xyz-multipleselect"></select>')}
  ${hidden("otpselector", ["text", "voice", "email"].map((way) => `<button type="button" class="btn xyz-otp-select-${way}">${way}</button>`).join("") + '<button type="button" class="btn xyz-otp-cancel">Cancel</button>')}
  ${hidden("notification", '<p>Open the IBKR notification on your phone</p><button type="button" class="btn xyz-resendnotification">Resend notification</button><a href="#" class="xyz-showchallenge">Login with Challenge/Response</a>')}
  ${["qrcode", "ibkey", "enablepush", "manualibkey"].map((name) => hidden(name, "")).join("\n")}
  ${code("gold", "Enter Response Code", '<span class="xyz-goldchallenge"></span>')}
  ${code("silver", "Mobile Authenticator App Code", "", '<button type="button" class="btn xyz-resend-sms-button" style="display: none;" disabled>Resend SMS</button>')}
  ${code("bronze", "Card Values")}
  ${code("temp", "Temporary Security Code")}
  ${hidden("fido", '<form class="xyzform-fido"><button type="submit" class="btn btn-lg btn-primary">Authenticate</button></form>')}
  ${hidden("finished", "")}
  ${hidden("success", "")}
</div>`;
}
