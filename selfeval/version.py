"""The package's version, the one place it is written."""

VERSION = "0.12.0"
