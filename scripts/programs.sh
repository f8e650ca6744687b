# shellcheck shell=bash
# To be sourced: checks which of the programs that the tests and the benchmark need are installed.

# Where Debian installs nginx; not in an ordinary user's PATH.
PATH=$PATH:/usr/sbin

# What scripts/install-needs has installed for this user only.
own_programs=${XDG_CACHE_HOME:-$HOME/.cache}/cairn/bin
PATH=$PATH:$own_programs

# Prints the folder of PostgreSQL's programs: in PATH, or else the newest of Debian's, which are not in PATH.
postgres_folder() {
  local initdb folder
  initdb=$(command -v initdb) || initdb=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort --version-sort | tail -n 1)
  initdb=$(readlink --canonicalize "$initdb") # PATH may have only a link to it
  folder=${initdb%/*}
  [[ -x $folder/initdb && -x $folder/postgres && -x $folder/pg_isready ]] && echo "$folder"
}

# present NEED: whether the Debian package or the cargo subcommand is usable, however it was installed.
present() {
  case $1 in
    postgresql) postgres_folder ;;
    redis-server) command -v redis-server && command -v redis-cli ;;
    nginx-light) command -v nginx ;;
    python3-aiosmtpd) command -v aiosmtpd ;;
    linux-perf) command -v perf ;;
    binutils) command -v readelf && command -v nm ;;
    default-jre-headless) command -v java ;;
    libmono-cil-dev) [[ -e /usr/lib/mono/4.5/System.Net.Http.dll ]] ;;
    mono-mcs) command -v mcs ;;
    nodejs) command -v node ;;
    oidc-provider) command -v node && [[ -e $(dirname "${BASH_SOURCE[0]}")/../tests/oidc/node_modules/oidc-provider ]] ;;
    python3-venv) python3 -c 'import ensurepip, venv' ;;
    cargo-*) cargo "${1#cargo-}" --version ;;
    *) command -v "$1" ;;
  esac >/dev/null 2>&1
}
