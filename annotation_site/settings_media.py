"""Where media lie, and how they go to browsers."""

from typing import Any

from annotation_site.environment import DATA_DIR, env

# Local disk, or S3 when a bucket is named.
MEDIA_ROOT = DATA_DIR / "media"
S3_BUCKET = env.str("S3_BUCKET", default="")
S3_ENDPOINT_URL = env.str("S3_ENDPOINT_URL", default="")
# How browsers reach the S3 server, where that is another address than the one the site uses.
S3_PUBLIC_URL = env.str("S3_PUBLIC_URL", default="") or S3_ENDPOINT_URL
_S3: dict[str, Any] = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": S3_ENDPOINT_URL or None,
        "access_key": env.str("S3_ACCESS_KEY", default="") or None,
        "secret_key": env.str("S3_SECRET_KEY", default="") or None,
        "region_name": env.str("S3_REGION", default="us-east-1"),
        "addressing_style": env.str("S3_ADDRESSING_STYLE", default="path"),
        "signature_version": "s3v4",
        "default_acl": None,
    },
}
_DISK: dict[str, Any] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": MEDIA_ROOT, "allow_overwrite": True},
}
STORAGES = {
    "default": _S3 if S3_BUCKET else _DISK,
    # The same bucket, at the address that browsers have for it: signs what they are sent to.
    "browsers": {**_S3, "OPTIONS": {**_S3["OPTIONS"], "endpoint_url": S3_PUBLIC_URL or None}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# python: this process sends the bytes. x-accel: nginx does, from disk or S3, once Django has allowed it.
# signed-url: the browser is sent to S3 with an address that ends after so many seconds.
MEDIA_DELIVERY = env.str("MEDIA_DELIVERY", default="python")
MEDIA_URL_SECONDS = env.int("MEDIA_URL_SECONDS", default=300)
