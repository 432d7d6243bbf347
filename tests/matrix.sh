#!/bin/sh
# The suite on each supported combination, one virtual environment each. Slow.
#   sh tests/matrix.sh            all
#   sh tests/matrix.sh 3.10 3.13  those Pythons only
set -u
cd "$(dirname "$0")/.."

COMBINATIONS="
3.10 7.4 5.2
3.11 8.0 5.2
3.12 7.4 6.0
3.12 8.0 6.0
3.13 7.4 5.2
3.13 8.0 6.1
"

python_of() {
    if command -v pyenv >/dev/null 2>&1; then
        for version in $(pyenv versions --bare | grep "^$1\."); do
            echo "$(pyenv root)/versions/$version/bin/python"
            return
        done
    fi
    command -v "python$1"
}

run() {
    python=$(python_of "$1") || { echo "python $1: not on this machine"; return 1; }
    venv=".venv-matrix/python$1-wagtail$2-django$3"
    log="$venv.log"
    mkdir -p .venv-matrix
    "$python" -m venv "$venv" &&
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
            --editable ".[sandbox,test]" "wagtail~=$2.0" "Django~=$3.0" >"$log" 2>&1 &&
        "$venv/bin/python" -m pytest -n 2 -q >>"$log" 2>&1
    status=$?
    echo "python $1, Wagtail $2, Django $3: $(tail -n 1 "$log")"
    return $status
}

failed=0
while read -r python wagtail django; do
    [ -n "$python" ] || continue
    case " ${*:-$python} " in *" $python "*) run "$python" "$wagtail" "$django" || failed=1 ;; esac
done <<END
$COMBINATIONS
END
exit $failed
