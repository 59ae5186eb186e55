# client.sh: what the guides share: calls that must be answered as the guide says. Sourced, not run; the guide has
# set API to the address that paths are below.

BASE=${BASE:-http://127.0.0.1:8000}
SANDBOX=${SANDBOX:-http://127.0.0.1:8100}
guide=${0##*/}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
token=

say() { printf '\n== %s\n' "$*"; }

fail() {
    printf '%s: %s\n' "$guide" "$*" >&2
    exit 1
}

# call STATUS METHOD URL [curl options]: prints the body, and fails unless the answer has that status. Where the
# server asks for patience (429 with Retry-After), the call waits as long as it is told, as any client should.
call() {
    local expected=$1 method=$2 url=$3 status pause
    shift 3
    local headers=(-H "Accept: application/json")
    if [ -n "$token" ]; then headers+=(-H "Authorization: Bearer $token"); fi
    while :; do
        status=$(curl -sS -X "$method" "$url" "${headers[@]}" "$@" \
            -o "$work/body" -D "$work/headers" -w '%{http_code}')
        [ "$status" = 429 ] || break
        pause=$(tr -d '\r' <"$work/headers" | awk 'tolower($1) == "retry-after:" { print $2 }')
        printf '   (over the rate limit, trying again in %s s)\n' "${pause:-1}" >&2
        sleep "${pause:-1}"
    done
    [ "$status" = "$expected" ] || fail "$method $url: $status instead of $expected: $(cat "$work/body")"
    cat "$work/body"
}

# send STATUS METHOD PATH JSON
send() { call "$1" "$2" "$API$3" -H "Content-Type: application/json" -d "$4"; }
get() { call 200 GET "$API$1"; }

# want WHAT EXPECTED ACTUAL
want() {
    [ "$2" = "$3" ] || fail "$1 is $3, not $2"
    printf '   %s: %s\n' "$1" "$3"
}

# wait_for WHAT EXPECTED COMMAND…: asks until the answer is what is expected, for up to fifteen seconds.
wait_for() {
    local what=$1 expected=$2 actual=
    shift 2
    for _ in $(seq 60); do
        actual=$("$@")
        if [ "$actual" = "$expected" ]; then
            want "$what" "$expected" "$actual"
            return
        fi
        sleep 0.25
    done
    fail "$what stays $actual and does not become $expected"
}

# message_to ADDRESS PATTERN: waits for a mail whose text matches, and prints the group named "found".
message_to() {
    local found
    for _ in $(seq 60); do
        found=$(curl -sS -G "$SANDBOX/control/messages" --data-urlencode channel=email --data-urlencode "to=$1" |
            jq -r --arg pattern "$2" '[.messages[].text | capture($pattern).found][0] // ""')
        [ -z "$found" ] || break
        sleep 0.25
    done
    [ -n "$found" ] || fail "no mail to $1 says $2"
    printf '%s\n' "$found"
}
