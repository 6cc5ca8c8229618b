"""The site's settings for tests: quick password hashes, a database file that several connections can open."""

from annotation_site.settings import *  # noqa: F403
from annotation_site.settings import DATA_DIR, DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
