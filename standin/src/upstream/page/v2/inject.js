window.IBSSO = { XYZ: { inject(settings, done) {
  if (settings.MOODS.never) return;
  Wire.setBrowserId();
  setTimeout(() => {
    const wrapper = document.querySelector(settings.WRAPPER);
    wrapper.innerHTML = markup(settings.MOODS);
    const widget = new Widget(settings, wrapper);
    new Form(widget, new Factors(widget));
    mountCookieDialog(settings.MOODS.cookie_dialogs);
    if (settings.MOODS.cookie_dialog_under_mouse) mountCookieDialogUnderMouse();
    done();
  }, settings.MOODS.form_delay_ms);
} } };
