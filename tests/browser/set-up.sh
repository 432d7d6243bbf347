#!/bin/sh
# Brings what the browser tests drive: Chromium (Debian's, where we may).
set -eu

if ! command -v chromium >/dev/null 2>&1; then
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        echo "Installing Chromium …"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null
    else
        echo "The browser tests need Chromium: install the package 'chromium', then run again."
        exit 1
    fi
fi
