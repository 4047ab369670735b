function usernameFocus() { byId("user_name").focus(); }

// With the load event and not before: a field that was left earlier has proven nothing, and what is being typed then goes
// on in the username. A scripted delay of /sso/lib/xyz.before.js makes it late.
function xyz_initialize() {
  Wire.setBrowserId();
  new FormBefore(window.MOODS);
  askForBanner(document.querySelector(".gsss"));
  mountCookieDialog(window.MOODS.cookie_dialogs);
}
