#!/usr/bin/env bash
# Every test: unit tests of all modules, then the built programs end to end. Ends with one line of counts, and with an
# exit code that says whether all passed. Called by ./dev test.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
only=${1:-}
begin=$SECONDS
root() { [ "$(id -u)" = 0 ]; }
failed=0
step() { printf '\n== %s (%d s)\n' "$1" $((SECONDS - begin)); }
# A test that fails is run again, twice at most; one that passes then is named as a flake in the output.
mvn_() { mvn -B -ntp -q -Dstyle.color=never -Dsurefire.failIfNoSpecifiedTests=false -Dsurefire.rerunFailingTestsCount=2 "$@"; }

find . -path '*/surefire-reports/*' -delete 2>/dev/null
JAVA_HOME=$(./dev jdk) || exit 1
export JAVA_HOME

step "the C helper: parser and init under the sanitizers"
make -s -C native && make -s -C native test || failed=1

step "programs"
mvn_ package -T 2 -Dmaven.test.skip=true -pl packaging -am || failed=1
DRYDOCK_NO_TRAINING=1 bash packaging/assemble.sh "$PWD/target/drydock" || failed=1

step "compile, and the unit tests of every module"
select=(); [ -z "$only" ] || select=(-Dtest="$only")
mvn_ package -T 2 --fail-at-end -pl '!testing/e2e' "${select[@]}" || failed=1

if [ $failed = 0 ] || [ -n "$only" ]; then
  step "programs and their start-up caches"
  bash packaging/assemble.sh "$PWD/target/drydock" || failed=1
  if root; then
    step "end to end"
    # with the modules that they use, but not once more their tests
    [ -n "$only" ] || select=(-Dtest='io.drydock.e2e.*Test')
    mvn_ test -DforkCount=2 -pl testing/e2e -am "${select[@]}" || failed=1
  else
    echo "left out, because it needs root: everything end to end, and the tests marked @RequiresRoot"
  fi
else
  echo "the end-to-end tests were left out: unit tests failed"
fi

# counts, out of surefire's reports
read -r tests bad skipped < <(find . -path '*/target/surefire-reports/TEST-*.xml' -exec grep -h -m1 '<testsuite ' {} + |
  awk '{ for (i = 1; i <= NF; i++) { if (match($i, /^(tests|errors|failures|skipped)="[0-9]+"/)) { split($i, p, "\""); sub("=", "", p[1]); n[p[1]] += p[2] } } }
       END { print n["tests"] + 0, n["errors"] + n["failures"] + 0, n["skipped"] + 0 }')
find . -path '*/target/surefire-reports/TEST-*.xml' -exec grep -l -E '<(failure|error)[ >]' {} + 2>/dev/null |
  sed 's,.*/TEST-,failed in: ,; s,\.xml$,,'
if [ $failed != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
if [ "$tests" = 0 ] && [ -z "$only" ]; then bad=1; fi
printf '\nafter %d s\n%d passed, %d failed, %d skipped\n' $((SECONDS - begin)) $((tests - bad - skipped)) "$bad" "$skipped"
[ "$bad" = 0 ] && [ $failed = 0 ]
