# SPDX-License-Identifier: Apache-2.0
# Sourced by run and matrix.

cd "$(dirname "${BASH_SOURCE[0]}")/.."

maven_args=(-B -ntp "$@")
# A build ends before most of what Java's second compiler does for it has paid: with two processors it is in the way.
export MAVEN_OPTS="-XX:TieredStopAtLevel=1 ${MAVEN_OPTS:-}"
summary=()

say() {
  printf '\n== %s\n' "$*"
}

fail() {
  printf 'ci: %s\n' "$*" >&2
  exit 1
}

# step NAME COMMAND...: runs the command, keeps its wall time for the end; a failure ends the run.
step() {
  local name=$1 start=$SECONDS
  shift
  say "$name: $*"
  "$@" || fail "$name failed: $*"
  summary+=("$(printf '%-28s %5d s' "$name" $((SECONDS - start)))")
}

# sum FILES...: tests that ran and were not skipped, from JUnit XML.
sum() {
  local files=("$@")
  [[ -e ${files[0]} ]] || { echo 0; return; }
  sed -n 's/.*<testsuite .*/&/p' "${files[@]}" | awk '
    function attribute(name) {
      if (!match($0, " " name "=\"[0-9]+\"")) return 0
      return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
    }
    { ran += attribute("tests") - attribute("skipped"); bad += attribute("failures") + attribute("errors") }
    END { if (bad) exit 1; print ran + 0 }'
}

# count NAME DIRECTORY GLOB...: writes the number of tests into the summary and fails if it is 0.
count() {
  local name=$1 ran
  shift
  shopt -s nullglob
  local files=($*)
  shopt -u nullglob
  ran=$(sum "${files[@]:-/nonexistent}") || fail "$name: a report tells of a failed test"
  ((ran > 0)) || fail "$name: no test ran ($*)"
  summary+=("$(printf '%-28s %5d tests' "$name" "$ran")")
}

finish() {
  say "wall time and tests"
  printf '%s\n' "${summary[@]}"
  printf '%-28s %5d s\n' total $SECONDS
}
