"""All settings on one page (設定). Each MADOGUCHI_* name is described in docs/settings.md."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

from madoguchi.entry import environment as env
from madoguchi.kernel.actor import Right

MADOGUCHI_HOME = env.home()
# The embedded database is for trying things out, so demo mode is on there unless switched off.
MADOGUCHI_DEMO = env.switch("MADOGUCHI_DEMO", env.switch("MADOGUCHI_EMBEDDED", False))
MADOGUCHI_TOWN_NAME = env.text("MADOGUCHI_TOWN_NAME", "せとうち町")
#: For residents who read no kanji, on the kiosk and the public pages.
MADOGUCHI_TOWN_KANA = env.text("MADOGUCHI_TOWN_KANA", "せとうちちょう")
MADOGUCHI_TOWN_ENGLISH = env.text("MADOGUCHI_TOWN_ENGLISH", "Setouchi Town")
MADOGUCHI_TOWN_PREFECTURE = env.text("MADOGUCHI_TOWN_PREFECTURE", "鹿児島県")
MADOGUCHI_TOWN_CODE = env.text("MADOGUCHI_TOWN_CODE", "465259")
MADOGUCHI_MAYOR_NAME = env.text("MADOGUCHI_MAYOR_NAME", "海野　渚")
#: A folder of the town's own templates for copies without their secret; empty: only ours.
MADOGUCHI_REDACTION_TEMPLATES = env.text("MADOGUCHI_REDACTION_TEMPLATES", "")
#: A folder of the town's own table of place names, by which addresses are read; empty: ours.
MADOGUCHI_PLACES = env.text("MADOGUCHI_PLACES", "")
#: A folder of the town's own tables of documents, visits, deadlines and kit; empty: only ours.
MADOGUCHI_CARD_RULES = env.text("MADOGUCHI_CARD_RULES", "")
#: Messages between towns and files of the portal: which way they go, and the folder of each.
MADOGUCHI_TOWN_POST = env.one_of(
    "MADOGUCHI_TOWN_POST", "by-hand", ("by-hand", "emulated") if MADOGUCHI_DEMO else ("by-hand",)
)
MADOGUCHI_POST_FOLDER = env.text("MADOGUCHI_POST_FOLDER", str(MADOGUCHI_HOME / "post"))
MADOGUCHI_PORTAL_FOLDER = env.text("MADOGUCHI_PORTAL_FOLDER", str(MADOGUCHI_HOME / "portal"))
#: The other town of a demonstration of two, as it stands on the first page: name and address.
MADOGUCHI_NEIGHBOUR = env.text("MADOGUCHI_NEIGHBOUR", "")
#: Where residents book, as it stands on notices; empty: notices name the telephone only.
MADOGUCHI_BACKUP_TO = env.text("MADOGUCHI_BACKUP_TO", "")
MADOGUCHI_METRICS_TOKEN = env.text("MADOGUCHI_METRICS_TOKEN", "")
MADOGUCHI_BOOKING_URL = env.text("MADOGUCHI_BOOKING_URL", "")
#: Who sends letters and where an answer goes, as it stands on them.
MADOGUCHI_OFFICE_SECTION = env.text("MADOGUCHI_OFFICE_SECTION", "町民生活課")
MADOGUCHI_OFFICE_POSTCODE = env.text("MADOGUCHI_OFFICE_POSTCODE", "894-1592")
MADOGUCHI_OFFICE_ADDRESS = env.text("MADOGUCHI_OFFICE_ADDRESS", "せとうち町大字古仁屋1番地")
MADOGUCHI_OFFICE_PHONE = env.text("MADOGUCHI_OFFICE_PHONE", "0997-00-0000")
MADOGUCHI_POPULATION_FROM = "madoguchi.register.queries.counts.count_residents"
MADOGUCHI_PLACE = env.text("MADOGUCHI_PLACE", "本庁")
MADOGUCHI_TERMINAL = env.text("MADOGUCHI_TERMINAL", "01")

SECRET_KEY = env.secret_key()
# Earlier keys: sessions and sealed second factors made under them stay good.
SECRET_KEY_FALLBACKS = env.words("MADOGUCHI_OLD_SECRET_KEYS", "")
# Seals the audit chain; empty: made once in the data folder.
MADOGUCHI_AUDIT_KEY = env.text("MADOGUCHI_AUDIT_KEY", "")
# Folder with the town's signature and token keys; empty: the demo makes its own.
MADOGUCHI_KEYS = env.text("MADOGUCHI_KEYS", "")
# Whose cards are believed at the kiosk, and which of their certificates are revoked. The demo
# looks where its own cards are made; files are read at each proof, so they may come later.
_CARDS = MADOGUCHI_HOME / "cards"
MADOGUCHI_JPKI_ANCHORS = env.text(
    "MADOGUCHI_JPKI_ANCHORS", str(_CARDS / "ca.pem") if MADOGUCHI_DEMO else ""
)
MADOGUCHI_JPKI_CRL = env.text(
    "MADOGUCHI_JPKI_CRL", str(_CARDS / "crl.der") if MADOGUCHI_DEMO else ""
)
MADOGUCHI_JPKI_POLICY = env.text("MADOGUCHI_JPKI_POLICY", "1.2.392.200149.8.5.1.3.30")

# The kiosks' machines, a terminal each; "*" stands for the terminals not named.
MADOGUCHI_PRINTERS = env.machines(
    "MADOGUCHI_PRINTERS",
    "*=emulated" if MADOGUCHI_DEMO else "*=by-hand",
    schemes=("ipp", "ipps"),
    words_allowed=("by-hand", "emulated") if MADOGUCHI_DEMO else ("by-hand",),
)
# Who vouches for printers reached by ipps://; empty: the system's authorities.
MADOGUCHI_PRINTER_AUTHORITY = env.text("MADOGUCHI_PRINTER_AUTHORITY", "")
MADOGUCHI_TILLS = env.machines(
    "MADOGUCHI_TILLS",
    "*=emulated" if MADOGUCHI_DEMO else "*=none",
    schemes=(),
    words_allowed=("none", "emulated") if MADOGUCHI_DEMO else ("none",),
)

DEBUG = False
ALLOWED_HOSTS = env.words("MADOGUCHI_HOSTS", "localhost,127.0.0.1,[::1]")
HTTPS = env.switch("MADOGUCHI_HTTPS", False)
MADOGUCHI_FRONTS = env.addresses("MADOGUCHI_FRONTS", "")
if HTTPS and not MADOGUCHI_FRONTS:
    # We speak no TLS ourselves: every answer would be a redirect to where we are.
    raise env.WrongSetting(
        "MADOGUCHI_HTTPS",
        "TLSを受け持つ前段のサーバーのIPアドレスを MADOGUCHI_FRONTS に入れてください。",
    )

#: The card bridge beside the browser: its pages are framed, and nobody else's.
MADOGUCHI_BRIDGE = env.origin("MADOGUCHI_BRIDGE", "http://127.0.0.1:8021")

#: Screens of a machine in a hall, and where an error there leads back to by itself.
MADOGUCHI_UNATTENDED = r"/kiosk/(?!desk/)"
MADOGUCHI_UNATTENDED_HOME = "/kiosk/now/"

ROOMS = [
    "infra", "web", "audit", "accounts", "tokens", "protection", "register", "csops", "appointments",
    "addressees", "dispatch", "advice", "cards", "certificates", "residence", "visits", "moves",
    "kiosk", "desk", "insights", "journeys", "kit", "adapters",
]  # fmt: skip
#: Places to go with ``g`` and a letter: key, route, words, right (None: everybody). First: home.
MADOGUCHI_DOORS = [
    ("h", "desk:home", "窓口のいま", Right.SEARCH),
    ("s", "register:search", "さがす", Right.SEARCH),
    ("c", "certificates:waiting", "証明書", Right.ISSUE_CERTIFICATE),
    ("n", "cards:boxes", "カード", Right.FILE_CHANGE),
    ("k", "kiosk:board", "キオスク", Right.ISSUE_CERTIFICATE),
    ("b", "appointments:bookings", "予約", Right.SEARCH),
    ("y", "visits:now", "来庁", Right.FILE_CHANGE),
    ("u", "moves:cases", "転入", Right.FILE_CHANGE),
    ("r", "residence:cases", "居住の確認", Right.CHECK_RESIDENCE),
    ("q", "csops:day", "統合端末", Right.SEARCH),
    # The desk comes to it from its terminals; the officer has no terminals.
    ("x", "csops:home", "CSの運用", Right.MANAGE_STAFF),
    ("m", "certificates:letters", "郵送請求", Right.MAIL_REQUESTS),
    ("o", "dispatch:waiting", "発送", Right.MAIL_REQUESTS),
    ("d", "addressees:lists", "送付先", Right.FILE_CHANGE),
    ("f", "insights:effect", "効果", Right.SEARCH),
    ("p", "protection:list", "支援措置", Right.SEE_PROTECTED),
    ("a", "accounts:approvals", "二人目の確認", None),
    ("i", "register:import", "取り込み", Right.IMPORT_EXPORT),
    ("l", "audit:entries", "記録", Right.SEE_AUDIT),
    ("t", "accounts:staff", "職員", Right.MANAGE_STAFF),
    ("e", "kiosk:terminals", "端末", Right.MANAGE_STAFF),
    ("j", "journeys:maps", "ジャーニー", Right.SEARCH),
    ("z", "kit:trips", "島の日", Right.FILE_CHANGE),
    ("v", "certificates:verify", "証明書を確かめる", None),
    # What is done many times a day and lies inside a room: no letter is left for it.
    ("1", "appointments:board", "番号札", Right.SEARCH),
    ("2", "cards:hand_over_find", "カードの交付", Right.FILE_CHANGE),
    ("3", "advice:counter", "必要書類", Right.SEARCH),
    ("4", "moves:phone", "転入の問い合わせ", Right.SEARCH),
    ("5", "dispatch:returned", "返戻", Right.MAIL_REQUESTS),
    ("6", "tokens:list", "ほかのシステムの鍵", Right.MANAGE_STAFF),
    ("w", "accounts:me", "わたしの設定", None),
]
#: The guided tour of the demo: a code of the catalogue's ``tour``, and the screen it speaks of.
MADOGUCHI_TOUR = [
    ("HOME", "/desk/"),
    ("SEARCH", "/register/search/?q=%E6%B8%A1%E9%82%89"),
    ("CERTIFICATE", "/certificates/new/?person=000000990000026&kind=resident_record_household"),
    ("BOXES", "/cards/boxes/"),
    ("HAND_OVER", "/cards/hand-over/"),
    ("FAMILY", "/moves/"),
    ("RECONCILE", "/addressees/"),
    ("FIGURES", "/insights/"),
    ("JOURNEY", "/journeys/islands/"),
    ("CS", "/csops/"),
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    *(f"madoguchi.{room}" for room in ROOMS),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Before the static files, so that style sheets and scripts are compressed too.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "madoguchi.web.headers.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Before whoever may refuse: a refusal is said in the language of the page.
    "madoguchi.web.english.DeskLanguage",
    "madoguchi.web.access.DefaultDeny",
    "madoguchi.accounts.views.second_factor.SecondFactorFirst",
    "madoguchi.web.errors.Rim",
    "axes.middleware.AxesMiddleware",
]
CSRF_FAILURE_VIEW = "madoguchi.web.errors.csrf_failure"
ROOT_URLCONF = "madoguchi.entry.urls"
FORM_RENDERER = "madoguchi.web.widgets.QuickRenderer"
WSGI_APPLICATION = "madoguchi.entry.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "madoguchi.web.english.Loader",
                    ["django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    # Behind "?" stands what else libpq is to know, TLS above all.
    more = dict(parse_qsl(parts.query))
    torn = len(more) != len(parts.query.split("&")) if parts.query else False
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/") or torn:
        raise env.WrongSetting(
            "MADOGUCHI_DATABASE_URL",
            "postgresql://利用者:合言葉@サーバー:5432/名前 の形にしてください。",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # A line to a standby is none: what was the primary a moment ago is not written to, nor read.
        "OPTIONS": {"target_session_attrs": "read-write", "connect_timeout": 10} | more,
    }


# Without a URL the command line starts the embedded server and sets one (entry/bootstrap.py).
DATABASES = {
    "default": _database(
        env.text("MADOGUCHI_DATABASE_URL", "postgresql://madoguchi@127.0.0.1:5432/madoguchi")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "madoguchi.accounts.views.backend.StaffBackend",
]
# Staff sign in with their number; nobody here has a mail address (allauth).
ACCOUNT_USER_MODEL_USERNAME_FIELD = "staff_id"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "madoguchi.accounts.views.adapter.StaffAccountAdapter"
ACCOUNT_FORMS = {
    "login": "madoguchi.accounts.forms.SignInForm",
    "change_password": "madoguchi.accounts.forms.ChangePasswordForm",
    "reauthenticate": "madoguchi.accounts.forms.ConfirmByPasswordForm",
}
ACCOUNT_SESSION_REMEMBER = False
# Wrong passwords and codes are counted by axes, in the database, for all processes at once.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": None}
LOGIN_URL = "accounts:sign_in"
MFA_ADAPTER = "madoguchi.accounts.views.adapter.StaffFactorAdapter"
MFA_FORMS = {
    "authenticate": "madoguchi.accounts.forms.SecondFactorForm",
    "reauthenticate": "madoguchi.accounts.forms.ConfirmByCodeForm",
    "activate_totp": "madoguchi.accounts.forms.ActivateTotpForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
AXES_FAILURE_LIMIT = env.number("MADOGUCHI_SIGN_IN_TRIES", 5, low=3, high=20)
AXES_COOLOFF_TIME = timedelta(minutes=env.number("MADOGUCHI_LOCK_MINUTES", 15, low=1, high=1440))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "madoguchi.accounts.views.sign_in.name_tried"
AXES_LOCKOUT_CALLABLE = "madoguchi.accounts.views.sign_in.lock_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "code", "credential"]
# Sign-ins are kept by our own audit, chained; axes needs no second book of them.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SESSION_ENGINE = "madoguchi.web.sessions"
# Two towns of one demonstration share a host, and a browser tells cookies of ports not apart.
if MADOGUCHI_NEIGHBOUR:
    SESSION_COOKIE_NAME = f"sessionid_{MADOGUCHI_TOWN_CODE}"
    CSRF_COOKIE_NAME = f"csrftoken_{MADOGUCHI_TOWN_CODE}"
elif HTTPS:
    # A browser takes a name that begins so from this very host alone: no sibling town plants one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_AGE = 60 * env.number("MADOGUCHI_SESSION_MINUTES", 20, low=1, high=480)
# madoguchi.web.sessions moves a session's end when it must be moved.
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF, MADOGUCHI_BRIDGE],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "madoguchi.web.uploads.Measured",
    "madoguchi.web.uploads.MemoryOnly",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = MADOGUCHI_HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Reminders of bookings; without a mail server none are sent.
MADOGUCHI_MAIL_HOST = EMAIL_HOST = env.text("MADOGUCHI_MAIL_HOST", "")
EMAIL_PORT = env.number("MADOGUCHI_MAIL_PORT", 587, low=1, high=65535)
EMAIL_HOST_USER = env.text("MADOGUCHI_MAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("MADOGUCHI_MAIL_PASSWORD", "")
EMAIL_USE_TLS = env.switch("MADOGUCHI_MAIL_TLS", True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("MADOGUCHI_MAIL_FROM", "yoyaku@town.example")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "madoguchi.infra.logs.Line",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
        "json": {"()": "madoguchi.infra.logs.Row"},
    },
    "filters": {"no_address": {"()": "madoguchi.infra.logs.NoAddress"}},
    "handlers": {
        "err": {
            "class": "logging.StreamHandler",
            "formatter": env.one_of("MADOGUCHI_LOG_FORMAT", "line", ("line", "json")),
            "filters": ["no_address"],
        }
    },
    "root": {"handlers": ["err"], "level": "WARNING"},
}
