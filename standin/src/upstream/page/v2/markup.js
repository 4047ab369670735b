// What is injected: every block at once, all but one hidden. Presence means nothing.
function markup(moods) {
  const hidden = (name, inner) => `<div class="xyzblock xyzblock-${name}" style="display: none;">${inner}</div>`;
  const code = (name, label, before = "", after = "") => hidden(name, `<form class="xyzform-${name}">${before}
    <div class="form-group"><label class="xyz-field-${name}-response-label" for="xyz-field-${name}-response">${label}</label>
    <input type="text" class="form-control form-control-lg xyz-${name}-response" name="${name}-response"
      id="xyz-field-${name}-response" autocomplete="off" required placeholder="${label}" aria-label="${label}"></div>
    ${after}
    <button type="submit" class="btn btn-lg btn-primary">Login</button></form>`);
  const toggle = `<div class="toggle-wrapper xyz-paperswitch">
      <input type="checkbox" id="toggle1" class="toggle-checkbox xyz-paper-switch" name="paperSwitch">
      <label for="toggle1"><span class="toggle-label toggle-off">Live</span><span class="toggle-label toggle-on">Paper</span></label>
      ${moods.toggle_covered ? '<div class="toggle-cover"></div>' : ""}
    </div>`;
  const second = '<button type="submit" class="btn btn-lg btn-danger xyz-button-login" style="display: none;">Simulated Login</button>';
  const username = moods.credential_field ? "xyz-field-credential" : "xyz-field-username";
  return `<div class="xyz-append-hook">
  <div class="simulated-banner" style="display: none;">Simulated</div>
  <div class="xyzblock xyzblock-username"><form class="xyzform-username">
    ${moods.no_toggle ? "" : toggle}
    <input type="hidden" class="xyz-logintype" name="loginType" value="1">
    <div class="form-group"><input type="text" id="${username}" class="form-control xyz-username" name="${moods.credential_field ? "credential" : "username"}" placeholder="Username" autocomplete="off"></div>
    <div class="form-group xyz-step-password"><input type="password" id="xyz-field-password" class="form-control xyz-password" name="password" placeholder="Password" autocomplete="off"></div>
    <div class="xyz-step-password"><button type="submit" class="btn btn-lg btn-primary xyz-button-login">Login</button>
    ${moods.one_button ? "" : second}</div>
    ${hidden("username-submit", '<button type="submit" class="btn btn-lg btn-primary">Continue</button>')}
  </form></div>
  ${hidden("loading", '<div class="position-absolute"></div>')}
  ${hidden("error", '<div class="xyz-errormessage"></div>')}
  ${hidden("multiplesf", '<h3>Select Second Factor Device</h3><select class="form-control xyz-multipleselect"></select>')}
  ${hidden("otpselector", '<h3>Pick your delivery method</h3>' + [["text", "Text"], ["voice", "Voice"], ["email", "Email"]].map(([way, label]) => `<button type="button" class="btn xyz-otp-select-${way}">${label}</button>`).join("\n") + '\n<button type="button" class="btn xyz-otp-cancel">Cancel</button>')}
  ${hidden("notification", '<p>Open the IBKR notification on your phone</p><p>We sent you a notification. Tap the notification to log in.</p><button type="button" class="btn xyz-resendnotification">Resend notification</button>\n<a href="#" class="xyz-showchallenge">Login with Challenge/Response</a>')}
  ${hidden("qrcode", '<p>Scan the QR code with IBKR Mobile</p><canvas class="qrcode" width="120" height="120"></canvas>')}
  ${["ibkey", "enablepush", "manualibkey"].map((name) => hidden(name, "")).join("\n")}
  ${code("gold", "Enter Response Code", '<p>Enter the challenge code below into the IBKR Mobile app to generate a response code.</p><p>Challenge: <span class="xyz-goldchallenge"></span></p>')}
  ${code("silver", "Security Code", "", '<button type="button" class="btn xyz-resend-sms-button" style="display: none;" disabled>Resend SMS</button>')}
  ${code("bronze", "Card Values", '<p>Two card index numbers are shown below. For each index, look up the corresponding value, and enter in the field below.</p><p class="card-index">17 &nbsp; 204</p>')}
  ${code("temp", "Temporary Security Code", '<p class="xyz-temp-text"></p>')}
  ${hidden("fido", '<p>Use your passkey</p><form class="xyzform-fido"><button type="submit" class="btn btn-lg btn-primary">Authenticate</button></form>')}
  ${hidden("other", '<h3>Something else is needed</h3><form class="xyzform-other"><input type="text" class="form-control" name="answer"><button type="submit" class="btn btn-lg btn-primary">Continue</button></form>')}
  ${hidden("finished", "")}
  ${hidden("success", "")}
</div>`;
}
