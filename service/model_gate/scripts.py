"""The gate's state in Redis and the scripts that change it, each in one round trip and on Redis' own clock.

One hash, so that a cluster keeps it on one node; it goes when nothing has touched it for an hour. Its fields, in milliseconds:
`open_until` and `open_for`: the breaker, and how long it was opened for last. `probe_until`: somebody tries whether it may close.
`paused_until`: the provider's Retry-After. `requests`, `tokens`: when the caps' buckets are full again (GCRA, the generic cell rate
algorithm: one number holds a bucket).
"""

from __future__ import annotations

STATE_KEY = "draftdesk:{model-gate}"
KEEP_MS = 3_600_000
PROBE_MS = 75_000
"""A probe that has not told its end by then has died with its worker; another may try."""

# A moment further off than the state lives is rubbish, or of another clock: that of a server since replaced. It counts for 0.
_NOW = f"""
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local latest = now + {KEEP_MS}
local function field(name)
    local found = tonumber(redis.call('HGET', KEYS[1], name) or '0') or 0
    if found > 0 and found <= latest then return found end
    return 0
end
"""

# Returns {why, milliseconds to wait, is a probe, is the breaker open}; why is '' when the caller may go. Else nothing is taken.
# ARGV: requests a minute, tokens a minute, tokens wanted, burst in milliseconds.
ENTER = f"""{_NOW}
local is_open = field('open_for') > 0 and 1 or 0
if is_open == 1 then
    if now < field('open_until') then return {{'breaker', field('open_until') - now, 0, 1}} end
    if now < field('probe_until') then return {{'breaker', math.min(field('probe_until') - now, 5000), 0, 1}} end
end
if now < field('paused_until') then return {{'paused', field('paused_until') - now, 0, is_open}} end
local function room(name, per_minute, wanted, burst)
    if per_minute <= 0 then return 0, nil end
    local full_at = math.max(field(name), now)
    local cost = wanted * 60000 / per_minute
    local wait = full_at - now - math.max(burst - cost, 0)
    return wait, math.min(full_at + cost, latest)
end
local burst = tonumber(ARGV[4])
local wait, requests = room('requests', tonumber(ARGV[1]), 1, burst)
if wait > 0 then return {{'requests', math.ceil(wait), 0, is_open}} end
local token_wait, tokens = room('tokens', tonumber(ARGV[2]), tonumber(ARGV[3]), burst)
if token_wait > 0 then return {{'tokens', math.ceil(token_wait), 0, is_open}} end
if is_open == 1 then redis.call('HSET', KEYS[1], 'probe_until', now + {PROBE_MS}) end
if requests then redis.call('HSET', KEYS[1], 'requests', requests) end
if tokens then redis.call('HSET', KEYS[1], 'tokens', tokens) end
if is_open == 1 or requests or tokens then redis.call('PEXPIRE', KEYS[1], {KEEP_MS}) end
return {{'', 0, is_open, is_open}}
"""

# ARGV: 'closed' (a probe went well), 'again' (it told nothing) or ''; tokens a minute; tokens used beyond those that were taken.
LEAVE = f"""{_NOW}
if ARGV[1] == 'closed' then redis.call('HDEL', KEYS[1], 'open_until', 'open_for', 'probe_until') end
if ARGV[1] == 'again' then redis.call('HDEL', KEYS[1], 'probe_until') end
local per_minute = tonumber(ARGV[2])
if per_minute > 0 then
    local full_at = math.max(field('tokens'), now) + tonumber(ARGV[3]) * 60000 / per_minute
    redis.call('HSET', KEYS[1], 'tokens', math.min(full_at, latest))
    redis.call('PEXPIRE', KEYS[1], {KEEP_MS})
end
return 1
"""

# ARGV: milliseconds.
PAUSE = f"""{_NOW}
redis.call('HSET', KEYS[1], 'paused_until', math.max(field('paused_until'), now + tonumber(ARGV[1])))
redis.call('PEXPIRE', KEYS[1], {KEEP_MS})
return 1
"""

# Opens, twice as long when a probe failed. Calls that were under way change nothing while it is open or a probe is out; those that
# end later open it again for as long as before. Returns {milliseconds that it is open for, whether this call opened it}.
# ARGV: 1 when the caller was the probe, first milliseconds, most milliseconds.
TRIP = f"""{_NOW}
local open_for = field('open_for')
if open_for == 0 then
    open_for = tonumber(ARGV[2])
elseif ARGV[1] == '1' then
    open_for = math.min(open_for * 2, tonumber(ARGV[3]))
elseif now < math.max(field('open_until'), field('probe_until')) then
    return {{math.max(field('open_until') - now, 0), 0}}
end
redis.call('HSET', KEYS[1], 'open_for', open_for, 'open_until', now + open_for)
redis.call('HDEL', KEYS[1], 'probe_until')
redis.call('PEXPIRE', KEYS[1], {KEEP_MS})
return {{open_for, 1}}
"""
