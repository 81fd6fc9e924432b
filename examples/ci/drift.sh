#!/bin/sh
# Looks for drift, for cron, with patience: prints only what is new, because cron mails what is printed.
#
# The panel is named by BILLFORM_URL and BILLFORM_USER; its password is in the file that
# BILLFORM_PASSWORD_FILE names, readable by this job's user only (chmod 600).
#
# usage: drift.sh CONFIG [SECONDS-BETWEEN-TRIES]

config=${1:?which configuration?}
pause=${2:-900}

for try in 1 2 3; do
    # Add --notify to tell the receivers under `notify:` in the configuration, too.
    news=$(billform drift "$config" --news --quiet 2>&1)
    code=$?
    # 8: the panel is unreachable. Nothing is known to be wrong yet; later is early enough.
    [ "$code" -eq 8 ] || break
    [ "$try" -eq 3 ] || sleep "$pause"
done

[ -z "$news" ] || printf '%s\n' "$news"
exit "$code"
