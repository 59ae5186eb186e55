-- wrk -s people.lua URL -- MODE FILE
-- MODE is "login", "me" or "write". FILE has a line a person: tenant, e-mail, password, user id, access token.
local mode, people, count

function init(args)
    mode, people, count = args[1], {}, 0
    for line in io.lines(args[2]) do
        local tenant, email, password, id, token = line:match("(%S+) (%S+) (%S+) (%S+) (%S+)")
        people[#people + 1] = {tenant = tenant, email = email, password = password, id = id, token = token}
    end
    count = math.random(1, #people)
end

local function log_in(person)
    local headers = {["Content-Type"] = "application/json", ["X-Tenant-ID"] = person.tenant}
    local body = string.format('{"email":"%s","password":"%s"}', person.email, person.password)
    return wrk.format("POST", "/v1/auth/login", headers, body)
end

function request()
    count = count % #people + 1
    local person = people[count]
    if mode == "login" then return log_in(person) end
    local headers = {["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. person.token}
    if mode == "me" then return wrk.format("GET", "/v1/auth/me", headers) end
    local body = string.format('{"first_name":"Asha%d"}', math.random(1, 1000000))
    return wrk.format("PUT", "/v1/users/" .. person.id, headers, body)
end

dofile("report.lua")
