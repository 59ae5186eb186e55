#!/bin/bash
# onboard-a-provider.sh: a company on the platform, from its domain to its first bookings, against a running `make run`.
#
#     docs/guides/onboard-a-provider.sh
#     BASE=http://127.0.0.1:8000 SANDBOX=http://127.0.0.1:8100 docs/guides/onboard-a-provider.sh
#
# Needs curl and jq. Exits non-zero as soon as the server does anything else than what stands here.
set -euo pipefail

. "$(dirname "$0")/client.sh"
API=$BASE/v1
ADMIN_EMAIL=${ADMIN_EMAIL:-admin@upflame.in}
ADMIN_PASSWORD=${ADMIN_PASSWORD:-AdminPass123!}

# Everybody here is new, so that the guide can run any number of times.
serial=$(date +%s%N)
domain=guide-$serial.localhost
password='Onboarding-42!'

# log_in EMAIL PASSWORD [curl options]: prints the access token.
log_in() {
    local email=$1 secret=$2
    shift 2
    token='' call 200 POST "$API/auth/login" -H "Content-Type: application/json" "$@" \
        -d "$(jq -n --arg email "$email" --arg password "$secret" '{email: $email, password: $password}')" |
        jq -r .data.access_token
}
id_of() { jq -r .data.id; }

say "The platform's administrator makes a tenant for the company"
platform=$(log_in "$ADMIN_EMAIL" "$ADMIN_PASSWORD")
token=$platform
answer=$(send 201 POST /tenants "$(jq -n --arg domain "$domain" --arg email "owner@$domain" --arg password "$password" '
    {name: "Shubh Ceremonies", domain: $domain, admin_email: $email, admin_password: $password}')")
tenant=$(id_of <<<"$answer")
want "status" active "$(jq -r .data.status <<<"$answer")"

say "The domain is proved by a TXT record"
proof=$(get "/tenants/$tenant/domains/$domain" | jq -c .data.verification)
curl -sS -X PUT "$SANDBOX/control/dns/txt" -o "$work/dns" \
    -d "$(jq -n --argjson proof "$proof" '{name: $proof.txt_name, values: [$proof.token]}')"
answer=$(call 200 POST "$API/tenants/$tenant/domains/$domain/verify")
want "is_verified" true "$(jq -r .data.is_verified <<<"$answer")"

say "The company's administrator signs in through the company's own host"
owner=$(log_in "owner@$domain" "$password" -H "Host: $domain")
token=$owner
want "tenant_id" "$tenant" "$(get /auth/me | jq -r .data.tenant_id)"

say "Roles: customers, premium customers, and somebody who checks providers"
role() { get "/roles?limit=100" | jq -r --arg name "$1" '.data[] | select(.name == $name).id'; }
customer_role=$(role Customer)
provider_role=$(role Provider)
premium_role=$(send 201 POST /roles '{
    "name": "PremiumCustomer", "role_family": "Customer",
    "description": "Premium customer with additional privileges",
    "permissions": ["booking.create", "booking.update", "booking.cancel"]}' | id_of)
checker_role=$(send 201 POST /roles '{
    "name": "Checker", "role_family": "Internal", "description": "Lets providers in",
    "permissions": ["workflow.read", "workflow.submit", "workflow.approve", "provider.read", "file.read"]}' | id_of)

# person NAME ROLE_ID: makes a user, prints the id.
person() {
    local id
    id=$(send 201 POST /users "$(jq -n --arg email "$1@$domain" --arg password "$password" --arg name "$1" '
        {email: $email, password: $password, first_name: $name, last_name: "Sharma", phone: "+919876543210"}')" | id_of)
    send 200 POST "/users/$id/roles" "$(jq -n --arg role "$2" '{role_id: $role}')" >/dev/null
    printf '%s\n' "$id"
}
asha=$(person asha "$customer_role")
person bina "$customer_role" >/dev/null
person prem "$premium_role" >/dev/null
raj=$(person raj "$provider_role")
person chetan "$checker_role" >/dev/null
as() { token=$(log_in "$1@$domain" "$password" -H "X-Tenant-ID: $tenant"); }

say "A policy: within 24 hours of a booking only premium customers cancel it"
send 201 POST /policies '{
    "name": "LateCancellation", "description": "Refuses customers who are not premium to cancel late",
    "target": {"resource": "booking", "action": "cancel"},
    "rules": {"effect": "deny", "conditions": [
        {"user.role": "!= \"PremiumCustomer\"", "booking.scheduled_time": "<= now() + 24h"}]}}' >/dev/null

say "Raj is onboarded: registration, documents, a background check, an approval"
provider=$(send 201 POST /providers "$(jq -n --arg email "raj@$domain" --arg user "$raj" '
    {provider_type: "pandit", first_name: "Raj", last_name: "Sharma", email: $email, phone: "+919876543210",
     user_id: $user, time_zone: "Asia/Kolkata"}')" | id_of)
as raj
workflow=$(send 201 POST /providers/onboarding "$(jq -n --arg provider "$provider" '
    {provider_id: $provider, workflow_definition_id: "pandit_onboarding_def"}')" | jq -r .data.workflow_id)
submit() { send 200 POST "/workflows/$workflow/steps/$1/submit" "$2" | jq -r .data.next_step_key; }
want "next step" document_upload "$(submit registration '{"data": {"first_name": "Raj", "last_name": "Sharma"}}')"
# The smallest grey square that is a JPEG picture: eight by eight pixels in 141 bytes.
square=/9j/2wBDABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBD
square+=/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z
base64 -d <<<"$square" >"$work/proof.jpg"
upload() { call 201 POST "$API/files" -F "file=@$work/proof.jpg;type=image/jpeg" -F "purpose=$1" | id_of; }
documents=$(jq -n --arg id "$(upload id_proof)" --arg address "$(upload address_proof)" '
    {data: {id_proof: $id, address_proof: $address}}')
want "next step" background_check "$(submit document_upload "$documents")"
token=$owner
want "next step" null "$(submit background_check '{"data": {"reference": "BC-1"}}')"
answer=$(send 200 POST "/workflows/$workflow/actions/approve" '{"comments": "All documents verified"}')
want "workflow" approved "$(jq -r .data.status <<<"$answer")"
want "provider" active "$(get "/providers/$provider" | jq -r .data.status)"

say "A service, and hours on every day of the week"
service=$(send 201 POST "/providers/$provider/services" '{
    "service_name": "Wedding Ceremony", "price": 5000, "currency": "INR", "duration_minutes": 60,
    "buffer_after_minutes": 15, "slot_interval_minutes": 60}' | id_of)
send 200 PUT "/providers/$provider/availability" "$(jq -n '
    {availability: [("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday") |
     {day_of_week: ., start_time: "00:00:00", end_time: "23:59:00"}]}')" >/dev/null

say "Asha books the next free hour, and one the day after tomorrow"
as asha
slots=$(get "/providers/$provider/slots?service_id=$service")
soon=$(jq -r '.data.slots[1].scheduled_at' <<<"$slots")
later=$(jq -r '.data.slots[-1].scheduled_at' <<<"$slots")
book() {
    send "$1" POST /bookings "$(jq -n --arg provider "$provider" --arg service "$service" --arg at "$2" '
        {provider_id: $provider, service_id: $service, scheduled_at: $at}')"
}
answer=$(book 201 "$soon")
booking=$(jq -r .data.booking_id <<<"$answer")
reference=$(jq -r .data.booking_reference <<<"$answer")
status_of() { get "/bookings/$1/status" | jq -r .data.status; }
wait_for "$reference" confirmed status_of "$booking"
distant=$(book 201 "$later" | jq -r .data.booking_id)

say "Bina wants the same hour and is refused"
as bina
answer=$(book 400 "$soon")
want "reason" slot_taken "$(jq -r .error.details.reason <<<"$answer")"

say "Asha cannot cancel within 24 hours; the later one she can"
as asha
call 403 PUT "$API/bookings/$booking/cancel" >/dev/null
want "the later one" cancelled "$(call 200 PUT "$API/bookings/$distant/cancel" | jq -r .data.status)"

say "Prem is a premium customer, and can"
as prem
near=$(get "/providers/$provider/slots?service_id=$service" | jq -r '.data.slots[1].scheduled_at')
booking_of_prem=$(book 201 "$near" | jq -r .data.booking_id)
want "the booking" cancelled "$(call 200 PUT "$API/bookings/$booking_of_prem/cancel" | jq -r .data.status)"

say "The company tells Asha that her booking stands"
token=$owner
notification=$(send 201 POST /notifications/send "$(jq -n --arg user "$asha" --arg reference "$reference" --arg at "$soon" '
    {recipient_user_id: $user, template_name: "booking_confirmation", channel: "email",
     variables: {booking_reference: $reference, service_name: "Wedding Ceremony", provider_name: "Raj Sharma",
                 scheduled_time: $at}}')" | jq -r .data.notification_id)
want "the mail names" "$reference" "$(message_to "asha@$domain" "(?<found>$reference)")"
delivery() { get "/notifications/$notification" | jq -r .data.status; }
wait_for "the notification" delivered delivery

say "Done"
