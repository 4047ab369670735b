function usernameFocus() { byId("user_name").focus(); }

function xyz_initialize() {
  Wire.setBrowserId();
  new FormBefore(window.MOODS);
  askForBanner(document.querySelector(".gsss"));
  mountCookieDialog(window.MOODS.cookie_dialogs);
  if (window.MOODS.cookie_dialog_under_mouse) mountCookieDialogUnderMouse();
}
