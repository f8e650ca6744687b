-- wrk's script: asks for a snapshot, or leaves the bodies of a file (a line each) in turn, with the keys of another file in
-- turn where one is given, and from a network for each body where NETWORKS is set; tells the sums as JSON.
local requests, turn = {}, 0

function init(arguments)
    if arguments[1] then
        local headers, keys = { ["Content-Type"] = "application/json" }, {}
        if arguments[2] then
            for key in io.lines(arguments[2]) do
                keys[#keys + 1] = key
            end
        end
        for line in io.lines(arguments[1]) do
            headers["X-API-Key"] = keys[#requests % math.max(#keys, 1) + 1]
            if os.getenv("NETWORKS") then
                headers["X-Forwarded-For"] = "10.0." .. math.floor(#requests / 256) % 256 .. "." .. #requests % 256
            end
            requests[#requests + 1] = wrk.format("POST", nil, headers, line)
        end
    else
        requests[1] = wrk.format("GET", nil, { ["Accept-Encoding"] = "gzip" })
    end
end

function request()
    turn = turn % #requests + 1
    return requests[turn]
end

function done(summary, latency, _)
    local e = summary.errors
    io.write(string.format(
        '\n{"requests": %d, "seconds": %f, "bytes": %d, "p99_ms": %f, "status": %d, "broken": %d}\n',
        summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(99) / 1e3,
        e.status, e.connect + e.read + e.write + e.timeout))
end
