#!/bin/sh
# Looks for drift, for cron: prints only what somebody should read, because cron mails what is printed.
#
# The panel is named by BILLFORM_URL and BILLFORM_USER; its password is in the file that
# BILLFORM_PASSWORD_FILE names, readable by this job's user only (chmod 600).
#
# usage: drift.sh CONFIG [SECONDS-BETWEEN-TRIES]

config=${1:?which configuration?}
pause=${2:-900}

for try in 1 2 3; do
    report=$(billform drift "$config" --quiet 2>&1)
    code=$?
    # 8: the panel is unreachable. Nothing is known to be wrong yet; later is early enough.
    [ "$code" -eq 8 ] || break
    [ "$try" -eq 3 ] || sleep "$pause"
done

case $code in
    0) ;;
    2) printf 'The panel differs from %s.\n\n%s\n' "$config" "$report" ;;
    8) printf 'The panel was unreachable three times.\n\n%s\n' "$report" ;;
    *) printf 'billform drift ended with %s; billform --help tells what that means.\n\n%s\n' "$code" "$report" ;;
esac
exit "$code"
