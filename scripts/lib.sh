# shellcheck shell=bash
# Shared by the scripts here; sourced, not run. Expects $top, the project's folder.

say() { echo "$(basename "$0"): $*" >&2; }

# java_home: prints a JDK's folder: JAVA_HOME's where that is set, else the one whose javac is on the PATH.
java_home() {
  if [[ -n ${JAVA_HOME:-} && -x $JAVA_HOME/bin/javac ]]; then
    echo "$JAVA_HOME"
  elif command -v javac >/dev/null; then
    dirname "$(dirname "$(readlink -f "$(command -v javac)")")"
  else
    return 1
  fi
}

# java_major HOME: prints a JDK's major version.
java_major() {
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# jvm_flags HOME: fills the array flags with what scripts/jvm-flags has for that JDK.
jvm_flags() {
  local major which flag
  major=$(java_major "$1")
  flags=()
  while read -r which flag; do
    case $which in
      all) flags+=("$flag") ;;
      [0-9]*+) ((major >= ${which%+})) && flags+=("$flag") ;;
    esac
  done <"$top/scripts/jvm-flags"
  return 0
}

# need_packages PACKAGE...: installs Debian packages, or says which to install and fails.
need_packages() {
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    say "installing $*"
    apt-get -qq update >&2 || say "apt-get update failed: going on with the lists that are here"
    if ! DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 install -y \
        --no-install-recommends "$@" >/dev/null; then
      say "apt-get could not install $*: please install them (a JDK from 17 on, Maven from 3.6.3 on)"
      exit 1
    fi
  else
    say "please install: $* (a JDK from 17 on, Maven from 3.6.3 on)"
    exit 1
  fi
}

# need_build_tools: a JDK and Maven are there when this returns; JAVA_HOME is set.
need_build_tools() {
  local missing=()
  java_home >/dev/null || missing+=(default-jdk-headless)
  command -v mvn >/dev/null || missing+=(maven)
  ((${#missing[@]} == 0)) || need_packages "${missing[@]}"
  JAVA_HOME=$(java_home) || { say "no JDK was found, and none could be installed"; exit 1; }
  export JAVA_HOME
}

# build_once FILE MODULE [OPTION...]: builds a module where a file of it is missing or older than a source; quiet unless it
# fails. Without options for Maven no test is compiled, and the matchers that bench's tests stand beside are not fetched.
build_once() {
  local file=$1 module=$2
  local options=("${@:3}")
  ((${#options[@]} > 0)) || options=(-Dmaven.test.skip=true -Dpeers.skip=true)
  if [[ -f $file && -z $(find "$top" -name target -prune -o \( -name '*.java' -o -name pom.xml -o -path '*/resources/*' \) \
      -type f -newer "$file" -print -quit) ]]; then
    return 0
  fi
  need_build_tools
  say "building (once; the first time Maven fetches what it needs)"
  local log
  log=$(mktemp)
  if ! (cd "$top" && mvn -q -B package "${options[@]}" -Dgates.skip=true -pl "$module" -am >"$log" 2>&1); then
    cat "$log" >&2
    rm -f "$log"
    say "the build failed"
    exit 1
  fi
  rm -f "$log"
  touch "$file" # Maven leaves a jar of unchanged classes alone, and a source would look newer for ever
}
