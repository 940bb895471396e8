# Sourced by the scripts beside it: if --help or -h is the first argument, prints the comment that the
# script begins with, and ends it.
if [[ ${1-} == --help || ${1-} == -h ]]; then
  sed -n '2,${/^#/!q;s/^# \{0,1\}//p;}' "${BASH_SOURCE[1]}"
  exit 0
fi
