"""Logs in on the Gateway's page with Selenium and explicit waits, to compare `ibgw-login --method browser` with.

Run by scripts/bench. Exits 0 once the brokerage session is authenticated and connected.
"""
import argparse, base64, hashlib, hmac, json, os, pathlib, ssl, struct, time, urllib.request

from selenium import webdriver
from selenium.common.exceptions import ElementNotInteractableException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as ec
from selenium.webdriver.support.ui import WebDriverWait

SUCCESS = "Client login succeeds"
CODE = (By.ID, "xyz-field-silver-response")
ERROR = (By.CSS_SELECTOR, ".xyz-errormessage")
UNSETTLED = (ElementNotInteractableException, StaleElementReferenceException)

parser = argparse.ArgumentParser()
parser.add_argument("--url", default="https://localhost:5000")
parser.add_argument("--username", required=True)
parser.add_argument("--password-file", type=pathlib.Path, required=True)
parser.add_argument("--totp-seed-file", type=pathlib.Path)
parser.add_argument("--mode", choices=["paper", "live"], default="paper")
parser.add_argument("--browser-binary", default="/usr/bin/chromium")
parser.add_argument("--driver", default="/usr/bin/chromedriver")
args = parser.parse_args()


def totp(seed):
    """RFC 6238: SHA-1, 30 seconds, 6 digits."""
    seed = seed.replace(" ", "").upper()
    key = base64.b32decode(seed + "=" * (-len(seed) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    number = struct.unpack_from(">I", digest, digest[-1] & 15)[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def log_in(driver):
    # Selenium's own 0.5 s between two looks would be most of the time.
    wait = WebDriverWait(driver, 60, poll_frequency=0.05, ignored_exceptions=UNSETTLED)
    see = ec.visibility_of_element_located
    driver.get(args.url + "/sso/Login?forwardTo=22&RL=1&ip2loc=US")
    username = wait.until(see((By.ID, "xyz-field-username")))
    # The toggle first, since it may empty the fields. Click its label, which covers it.
    toggle = driver.find_element(By.ID, "toggle1")
    if toggle.is_selected() != (args.mode == "paper"):
        driver.find_element(By.CSS_SELECTOR, "label[for=toggle1]").click()
        wait.until(ec.element_selection_state_to_be(toggle, args.mode == "paper"))
    username.send_keys(args.username)
    driver.find_element(By.ID, "xyz-field-password").send_keys(args.password_file.read_text().rstrip("\n"))
    buttons = driver.find_elements(By.CSS_SELECTOR, ".xyz-button-login")
    next(button for button in buttons if button.is_displayed()).click()
    done = ec.text_to_be_present_in_element((By.TAG_NAME, "body"), SUCCESS)
    wrong = lambda driver: driver.find_element(*ERROR).text and see(ERROR)(driver)
    seen = wait.until(ec.any_of(done, wrong, ec.element_to_be_clickable(CODE)))
    if seen is not True and seen.get_attribute("id") == CODE[1]:
        seen.send_keys(totp(args.totp_seed_file.read_text().strip()) + "\n")
        seen = wait.until(ec.any_of(done, wrong))
    if seen is not True:
        raise SystemExit("refused: " + seen.text)


def is_ready(context):
    request = args.url + "/v1/api/iserver/auth/status"
    with urllib.request.urlopen(request, timeout=15, context=context) as answer:
        status = json.load(answer)
    return status.get("authenticated") and status.get("connected")


options = webdriver.ChromeOptions()
options.binary_location = args.browser_binary
options.accept_insecure_certs = True
options.add_argument("--headless=new")
if os.geteuid() == 0:
    options.add_argument("--no-sandbox")
with webdriver.Chrome(options, webdriver.ChromeService(args.driver)) as driver:
    log_in(driver)
# The Gateway's certificate is self-signed and expired, so it is not verified. OSError: the Gateway is not up yet.
WebDriverWait(ssl._create_unverified_context(), 60, 0.1, ignored_exceptions=(OSError,)).until(is_ready)
