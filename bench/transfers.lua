-- wrk -s transfers.lua URL -- MODE PREFIX ACCOUNTS
-- MODE is "random", or "hot": then half of the transfers pay into account 0. References are never repeated.
local threads = 0
local mode, prefix, accounts, count

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

function init(args)
    mode, prefix, accounts, count = args[1], args[2], tonumber(args[3]), 0
    math.randomseed(number + 1)
    wrk.headers["Content-Type"] = "application/json"
end

function request()
    count = count + 1
    local from = math.random(1, accounts - 1)
    local to = math.random(1, accounts - 2)
    if to >= from then to = to + 1 end
    if mode == "hot" and count % 2 == 0 then to = 0 end
    local body = string.format('{"from":%d,"to":%d,"amount":%d,"reference":"%s:%d:%d"}', from, to,
                               math.random(1, 500), prefix, number, count)
    return wrk.format("POST", nil, nil, body)
end

dofile("report.lua")
