#!/bin/bash
# first-loan.sh: the whole life of a loan, from registration to the last shilling, against a running `make run`.
#
#     docs/guides/first-loan.sh
#     BASE=http://127.0.0.1:8000 SANDBOX=http://127.0.0.1:8100 docs/guides/first-loan.sh
#
# Needs curl and jq. Ends with the two ledger accounts that the loan moved, and exits non-zero as soon as the
# server does anything else than what stands here.
set -euo pipefail

. "$(dirname "$0")/client.sh"
API=$BASE/api/v1
OFFICER_EMAIL=${OFFICER_EMAIL:-admin@flexifinance.com}
OFFICER_PASSWORD=${OFFICER_PASSWORD:-AdminPass123!}

# Everybody here is new, so that the guide can run any number of times.
serial=$(date +%s%N)
email=first.loan.$serial@example.com
phone=+2547${serial:5:8}
password='First-Loan-42!'

say "Register as $email"
answer=$(send 201 POST /auth/register/ "$(jq -n --arg email "$email" --arg phone "$phone" --arg password "$password" '
    {email: $email, password: $password, first_name: "Wanjiru", last_name: "Kamau", phone_number: $phone,
     date_of_birth: "1990-01-01"}')")
want "is_verified" false "$(jq -r .data.is_verified <<<"$answer")"

say "Read the verification mail and verify the address"
mail_token=$(message_to "$email" 'token=(?<found>[A-Za-z0-9_.-]+)')
send 200 POST /auth/verify-email/ "$(jq -n --arg token "$mail_token" '{token: $token}')" >/dev/null

say "Log in, as the borrower and as the loan officer"
log_in() {
    send 200 POST /auth/login/ "$(jq -n --arg email "$1" --arg password "$2" '{email: $email, password: $password}')"
}
answer=$(log_in "$email" "$password")
want "is_verified" true "$(jq -r .data.user.is_verified <<<"$answer")"
user_id=$(jq -r .data.user.user_id <<<"$answer")
borrower=$(jq -r .data.access_token <<<"$answer")
officer=$(log_in "$OFFICER_EMAIL" "$OFFICER_PASSWORD" | jq -r .data.access_token)

say "Upload identity documents"
# The smallest grey square that is a JPEG picture: eight by eight pixels in 141 bytes.
square=/9j/2wBDABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBD
square+=/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z
for name in front back portrait; do
    base64 -d <<<"$square" >"$work/$name.jpg"
done
token=$borrower
answer=$(call 201 POST "$API/users/kyc/documents/" \
    -F "national_id_front=@$work/front.jpg;type=image/jpeg" \
    -F "national_id_back=@$work/back.jpg;type=image/jpeg" \
    -F "passport_photo=@$work/portrait.jpg;type=image/jpeg")
want "files" 3 "$(jq -r .data.file_count <<<"$answer")"

say "The officer looks at them and approves"
token=$officer
send 200 PUT "/admin/kyc/$user_id/review/" '{"decision": "APPROVED", "review_notes": "All documents verified"}' >/dev/null
token=$borrower
want "kyc_status" APPROVED "$(get /users/kyc/status/ | jq -r .data.kyc_status)"

say "Apply for 10000 shillings over three months"
answer=$(send 201 POST /loans/apply/ '{
    "product_id": "quick_cash", "requested_amount": 10000, "requested_tenure": 3, "purpose": "Business expansion",
    "employment_info": {"occupation": "Business Owner", "employer_name": "Self Employed",
                        "monthly_income": 50000, "employment_duration": 24}}')
loan_id=$(jq -r .data.loan_id <<<"$answer")
reference=$(jq -r .data.loan_reference <<<"$answer")
want "status" SUBMITTED "$(jq -r .data.status <<<"$answer")"
want "total_amount" 10375 "$(jq -r .data.total_amount <<<"$answer")"
want "monthly_payment" 3458 "$(jq -r .data.monthly_payment <<<"$answer")"

say "The officer approves $reference; the money goes out by M-Pesa on its own"
token=$officer
answer=$(send 200 PUT "/admin/loans/$loan_id/approve/" '{"admin_notes": "Stable income"}')
want "status" APPROVED "$(jq -r .data.status <<<"$answer")"
token=$borrower
loan_field() { get "/loans/$loan_id/" | jq -r ".data.$1"; }
wait_for "status" ACTIVE loan_field status
want "remaining_balance" 10375 "$(loan_field remaining_balance)"
want "instalments" "3458 3458 3459" "$(loan_field 'repayment_schedule | map(.total_amount | tostring) | join(" ")')"

# pay TYPE AMOUNT EXPECTED: asks the phone for the money and waits for the end. The list of the loan's payments
# is what to poll: it does not count against the ten calls a minute that payments themselves are limited to.
pay() {
    local answer payment_id
    answer=$(send 200 POST /payments/stk-push/ "$(jq -n --arg loan "$loan_id" --arg phone "$phone" \
        --arg type "$1" --argjson amount "$2" --arg text "Loan repayment for $reference" '
        {loan_id: $loan, amount: $amount, phone_number: $phone, payment_type: $type, description: $text}')")
    payment_id=$(jq -r .data.payment_id <<<"$answer")
    wait_for "$1 of $2" "$3" payment_status "$payment_id"
}
payment_status() {
    get "/loans/$loan_id/payments/" | jq -r --arg id "$1" '.data.payments[] | select(.payment_id == $id) | .status'
}

say "First instalment"
pay REPAYMENT 3458 COMPLETED
want "remaining_balance" 6917 "$(loan_field remaining_balance)"

say "Second instalment: the borrower presses cancel first, then tries again"
call 200 POST "$SANDBOX/control/mpesa/next" -H "Content-Type: application/json" \
    -d "$(jq -n --arg phone "$phone" '{phone: $phone, outcome: "cancelled"}')" >/dev/null
pay REPAYMENT 3458 FAILED
want "remaining_balance" 6917 "$(loan_field remaining_balance)"
pay REPAYMENT 3458 COMPLETED
want "remaining_balance" 3459 "$(loan_field remaining_balance)"

say "The processing fee, and the last instalment"
pay FEE 500 COMPLETED
want "payoff_amount" 3459 "$(get "/loans/$loan_id/payoff/" | jq -r .data.payoff_amount)"
pay REPAYMENT 3459 COMPLETED
want "status" COMPLETED "$(loan_field status)"
want "remaining_balance" 0 "$(loan_field remaining_balance)"
want "instalments" "PAID PAID PAID" "$(loan_field 'repayment_schedule | map(.status) | join(" ")')"

say "What the books say"
token=$officer
# statement ACCOUNT: the lines that this loan's payments caused. A house account that holds money stands below
# zero, so what comes in is negative on the float.
receipts=$(token=$borrower && get "/loans/$loan_id/payments/?per_page=100" |
    jq -c '[.data.payments[].mpesa_reference | select(. != null) | "mpesa:" + .]')
statement() {
    local pages page
    pages=$(get "/admin/ledger/statement/?account=$1&per_page=100" | jq -r .data.pagination.total_pages)
    for page in $(seq "$pages"); do
        get "/admin/ledger/statement/?account=$1&per_page=100&page=$page" |
            jq -c --argjson receipts "$receipts" '.data.lines[] | select(.reference as $r | $receipts | index($r))'
    done
}
for account in mpesa_float loan_book; do
    statement "$account" >"$work/$account"
    printf '\n%s\n' "$account"
    jq -r '"   \(.effective_at)  \(.reference)  \(.amount)  \(.memo)"' "$work/$account"
done
printf '\n'
want "loan_book, all together" 0 "$(jq -s 'map(.amount) | add' "$work/loan_book")"
want "loan_book, entries" 4 "$(jq -s length "$work/loan_book")"
want "mpesa_float, all together" -875 "$(jq -s 'map(.amount) | add' "$work/mpesa_float")"
want "mpesa_float, entries" 5 "$(jq -s length "$work/mpesa_float")"

say "Done: $reference is repaid; 375 of interest and 500 of fee were earned"
