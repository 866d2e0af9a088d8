-- Tables and views for ClickHouse, made by obs export clickhouse. Run it in a database of its own; running it again changes
-- nothing. Lines of the data files go into the *_lines tables as they are, from files or from a collector:
--
--   clickhouse-client -d obs -q "INSERT INTO cuj_lines (host, line) SELECT 'host-1', line
--     FROM input('line String') FORMAT LineAsString" < cuj-metrics.jsonl
--
-- A line that is no JSON object with its id counts for nothing. A time that cannot be read becomes 1970-01-01.

CREATE TABLE IF NOT EXISTS cuj_lines (host LowCardinality(String), line String) ENGINE = Null;
CREATE TABLE IF NOT EXISTS skill_lines (host LowCardinality(String), line String) ENGINE = Null;
CREATE TABLE IF NOT EXISTS provider_lines (host LowCardinality(String), line String) ENGINE = Null;
CREATE TABLE IF NOT EXISTS progress_lines (host LowCardinality(String), line String) ENGINE = Null;

CREATE TABLE IF NOT EXISTS cuj_executions
(
    host LowCardinality(String),
    timestamp DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD),
    cuj_id LowCardinality(String),
    success Bool,
    duration_ms Nullable(Float64),
    error String CODEC(ZSTD),
    metadata String CODEC(ZSTD)
)
ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (cuj_id, timestamp);

CREATE TABLE IF NOT EXISTS skill_invocations
(
    host LowCardinality(String),
    timestamp DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD),
    skill LowCardinality(String),
    agent LowCardinality(String),
    result LowCardinality(String),
    duration_ms Nullable(Float64),
    cache_hit Bool,
    run_id String CODEC(ZSTD),
    cuj_id LowCardinality(String),
    params String CODEC(ZSTD),
    error String CODEC(ZSTD),
    metadata String CODEC(ZSTD)
)
ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (skill, timestamp);

CREATE TABLE IF NOT EXISTS provider_calls
(
    host LowCardinality(String),
    timestamp DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD),
    provider LowCardinality(String),
    success Bool,
    latency_ms Nullable(Float64),
    error String CODEC(ZSTD),
    metadata String CODEC(ZSTD)
)
ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (provider, timestamp);

CREATE TABLE IF NOT EXISTS progress_events
(
    host LowCardinality(String),
    timestamp DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD),
    run_id String CODEC(ZSTD),
    step String,
    status LowCardinality(String),
    percentage Nullable(Float64),
    message String CODEC(ZSTD)
)
ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (run_id, timestamp);

-- What a value means: a text as it is, any other value as JSON; numbers and texts as times; what JavaScript takes for true.
CREATE FUNCTION IF NOT EXISTS obs_text AS (line, key) ->
    if(JSONType(line, key) = 'String', JSONExtractString(line, key), JSONExtractRaw(line, key));
CREATE FUNCTION IF NOT EXISTS obs_number AS (line, key) ->
    if(JSONType(line, key) IN ('Int64', 'UInt64', 'Double'), JSONExtractFloat(line, key), NULL);
CREATE FUNCTION IF NOT EXISTS obs_truth AS (line, key) ->
    JSONExtractRaw(line, key) NOT IN ('', 'null', 'false', '""')
    AND ifNull(toFloat64OrNull(JSONExtractRaw(line, key)) != 0, true);
CREATE FUNCTION IF NOT EXISTS obs_time AS (line, key) ->
    ifNull(if(JSONType(line, key) = 'String',
        parseDateTime64BestEffortOrNull(JSONExtractString(line, key), 3, 'UTC'),
        fromUnixTimestamp64Milli(toInt64(obs_number(line, key)), 'UTC')), toDateTime64(0, 3, 'UTC'));
CREATE FUNCTION IF NOT EXISTS obs_nearest_rank AS (sorted, share) ->
    if(empty(sorted), 0., sorted[toUInt64(ceil(share * length(sorted)))]);

CREATE MATERIALIZED VIEW IF NOT EXISTS cuj_lines_read TO cuj_executions AS
SELECT host, obs_time(line, 'timestamp') AS timestamp, obs_text(line, 'cuj_id') AS cuj_id, obs_truth(line, 'success') AS success,
    obs_number(line, 'duration_ms') AS duration_ms,
    if(obs_truth(line, 'error'), obs_text(line, 'error'), '') AS error, JSONExtractRaw(line, 'metadata') AS metadata
FROM cuj_lines WHERE JSONType(line) = 'Object' AND obs_truth(line, 'cuj_id');

CREATE MATERIALIZED VIEW IF NOT EXISTS skill_lines_read TO skill_invocations AS
SELECT host, obs_time(line, 'timestamp') AS timestamp, obs_text(line, 'skill') AS skill,
    if(JSONHas(line, 'agent'), obs_text(line, 'agent'), 'undefined') AS agent,
    obs_text(line, 'result') AS result, obs_number(line, 'duration_ms') AS duration_ms,
    obs_truth(line, 'cache_hit') AS cache_hit, if(obs_truth(line, 'run_id'), obs_text(line, 'run_id'), '') AS run_id,
    if(obs_truth(line, 'cuj_id'), obs_text(line, 'cuj_id'), '') AS cuj_id, obs_text(line, 'params') AS params,
    if(obs_truth(line, 'error'), obs_text(line, 'error'), '') AS error, JSONExtractRaw(line, 'metadata') AS metadata
FROM skill_lines WHERE JSONType(line) = 'Object' AND obs_truth(line, 'skill');

CREATE MATERIALIZED VIEW IF NOT EXISTS provider_lines_read TO provider_calls AS
SELECT host, obs_time(line, 'timestamp') AS timestamp, obs_text(line, 'provider') AS provider,
    obs_truth(line, 'success') AS success, obs_number(line, 'latency_ms') AS latency_ms,
    if(obs_truth(line, 'error'), obs_text(line, 'error'), '') AS error, JSONExtractRaw(line, 'metadata') AS metadata
FROM provider_lines WHERE JSONType(line) = 'Object' AND obs_truth(line, 'provider');

CREATE MATERIALIZED VIEW IF NOT EXISTS progress_lines_read TO progress_events AS
SELECT host, obs_time(line, 'timestamp') AS timestamp, if(obs_truth(line, 'run_id'), obs_text(line, 'run_id'), '') AS run_id,
    obs_text(line, 'step') AS step, obs_text(line, 'status') AS status, obs_number(line, 'percentage') AS percentage,
    obs_text(line, 'message') AS message
FROM progress_lines WHERE JSONType(line) = 'Object';

-- Questions. from and to are inclusive; all history is from '1900-01-01' to '2299-01-01'.

-- getAllCujMetrics, getCujSuccessRate, getPerformancePercentiles: percentiles are exact, by nearest rank.
CREATE VIEW IF NOT EXISTS cuj_summary AS
WITH arraySort(groupArray(duration_ms)) AS sorted
SELECT cuj_id, count() AS total, countIf(success) AS successful, countIf(NOT success) AS failed, successful / total AS rate,
    sum(ifNull(duration_ms, 0)) / total AS avg_duration_ms, length(sorted) AS measured,
    obs_nearest_rank(sorted, 0.5) AS p50, obs_nearest_rank(sorted, 0.75) AS p75, obs_nearest_rank(sorted, 0.9) AS p90,
    obs_nearest_rank(sorted, 0.95) AS p95, obs_nearest_rank(sorted, 0.99) AS p99, sorted[1] AS min, sorted[-1] AS max,
    max(timestamp) AS last
FROM cuj_executions WHERE timestamp BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')} GROUP BY cuj_id;

-- getCujTrending, getCujPerformanceTrend: buckets of size_ms from `from` until before `to`, those with runs.
CREATE VIEW IF NOT EXISTS cuj_trend AS
WITH arraySort(groupArray(duration_ms)) AS sorted
SELECT cuj_id, intDiv(toUnixTimestamp64Milli(timestamp) - toUnixTimestamp64Milli({from:DateTime64(3, 'UTC')}), {size_ms:Int64}) AS bucket,
    {from:DateTime64(3, 'UTC')} + toIntervalMillisecond(bucket * {size_ms:Int64}) AS bucket_start,
    count() AS total, countIf(success) AS successful, countIf(NOT success) AS failed, successful / total AS rate,
    sum(ifNull(duration_ms, 0)) / total AS avg_duration_ms,
    obs_nearest_rank(sorted, 0.5) AS p50, obs_nearest_rank(sorted, 0.95) AS p95, sorted[-1] AS max
FROM cuj_executions WHERE timestamp >= {from:DateTime64(3, 'UTC')} AND timestamp < {to:DateTime64(3, 'UTC')}
GROUP BY cuj_id, bucket;

-- getFailureAnalysis: each error of each CUJ.
CREATE VIEW IF NOT EXISTS cuj_failures AS
SELECT cuj_id, if(error = '', 'Unknown error', error) AS said, count() AS failures, max(timestamp) AS last
FROM cuj_executions WHERE NOT success AND timestamp BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')}
GROUP BY cuj_id, said;

-- getCujStability, in the order of time.
CREATE VIEW IF NOT EXISTS cuj_stability AS
WITH arrayMap(run -> run.2, arraySort(run -> run.1, groupArray((timestamp, success)))) AS results,
    arrayMap((result, before, place) -> place > 1 AND result != before, results, arrayPushFront(arrayPopBack(results), results[1]),
        arrayEnumerate(results)) AS changes,
    arraySplit((result, change) -> change, results, changes) AS streaks
SELECT cuj_id, count() AS total, arraySum(changes) AS flips, if(total < 2, 0, flips / (total - 1)) AS flip_rate,
    if(streaks[-1][1], 1, -1) * toInt64(length(streaks[-1])) AS current_streak,
    arrayMax(arrayMap(streak -> if(streak[1], 0, length(streak)), streaks)) AS longest_failure_streak
FROM cuj_executions WHERE timestamp BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')} GROUP BY cuj_id;

-- What objectives are about: succeeded is NULL where a result is neither success nor failure.
CREATE VIEW IF NOT EXISTS outcomes AS
SELECT 'cuj' AS kind, cuj_id AS subject, timestamp, toNullable(success) AS succeeded, duration_ms FROM cuj_executions
UNION ALL
SELECT 'skill', skill, timestamp, if(result IN ('success', 'failure'), result = 'success', NULL), duration_ms FROM skill_invocations
UNION ALL
SELECT 'agent', agent, timestamp, if(result IN ('success', 'failure'), result = 'success', NULL), duration_ms FROM skill_invocations
UNION ALL
SELECT 'provider', provider, timestamp, toNullable(success), latency_ms FROM provider_calls;

-- getObjectives: runs of the period, how many of them were bad, how many more may be, and how much too fast the budget burns.
-- Bad is what failed or, with slower_than_ms above 0, what took longer.
CREATE VIEW IF NOT EXISTS objective AS
WITH if({slower_than_ms:Float64} > 0, duration_ms > {slower_than_ms:Float64}, NOT succeeded) AS bad
SELECT subject, count(bad) AS total, countIf(bad) AS failed,
    toInt64(floor(total * (1 - {share:Float64}) + 1e-9)) - toInt64(failed) AS left, failed / total / (1 - {share:Float64}) AS burn
FROM outcomes
WHERE kind = {kind:String} AND timestamp BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')} GROUP BY subject;

-- getStatistics, getSkillPerformance.
CREATE VIEW IF NOT EXISTS skill_summary AS
WITH arraySort(groupArray(duration_ms)) AS sorted
SELECT skill, count() AS invocations, countIf(result = 'success') AS successful, countIf(result = 'failure') AS failures,
    countIf(cache_hit) AS cache_hits, successful / invocations AS success_rate, cache_hits / invocations AS cache_hit_rate,
    sum(ifNull(duration_ms, 0)) AS total_duration_ms, total_duration_ms / invocations AS mean_ms,
    obs_nearest_rank(sorted, 0.5) AS p50_ms, obs_nearest_rank(sorted, 0.9) AS p90_ms, obs_nearest_rank(sorted, 0.95) AS p95_ms,
    obs_nearest_rank(sorted, 0.99) AS p99_ms, sorted[1] AS min_ms, sorted[-1] AS max_ms, max(timestamp) AS last
FROM skill_invocations WHERE timestamp BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')} GROUP BY skill;

CREATE VIEW IF NOT EXISTS agent_summary AS
SELECT agent, count() AS invocations, countIf(result = 'success') AS successful, countIf(result = 'failure') AS failures,
    sum(ifNull(duration_ms, 0)) AS total_duration_ms, max(timestamp) AS last
FROM skill_invocations WHERE timestamp BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')} GROUP BY agent;

CREATE VIEW IF NOT EXISTS cuj_invocations AS
SELECT cuj_id, count() AS invocations, sum(ifNull(duration_ms, 0)) AS total_duration_ms
FROM skill_invocations
WHERE cuj_id != '' AND timestamp BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')} GROUP BY cuj_id;

-- getAllProviderHealth, getProviderComparison; percentiles of the latest 100 calls.
CREATE VIEW IF NOT EXISTS provider_summary AS
WITH arraySlice(arraySort(call -> call.1, groupArray((timestamp, latency_ms))), -100) AS latest,
    arraySort(arrayMap(call -> assumeNotNull(call.2), arrayFilter(call -> call.2 IS NOT NULL, latest))) AS sorted
SELECT provider, count() AS total_calls, countIf(success) AS successful_calls, countIf(NOT success) AS failed_calls,
    successful_calls / total_calls AS success_rate,
    if(count(latency_ms) = 0, 0, floor(sum(latency_ms) / count(latency_ms) + 0.5)) AS avg_latency_ms,
    obs_nearest_rank(sorted, 0.5) AS latency_p50, obs_nearest_rank(sorted, 0.95) AS latency_p95,
    obs_nearest_rank(sorted, 0.99) AS latency_p99,
    success_rate * (1 - least(avg_latency_ms / 10000, 1)) AS score,
    maxIf(timestamp, success) AS last_success, maxIf(timestamp, NOT success) AS last_failure
FROM provider_calls WHERE timestamp BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')} GROUP BY provider;

-- getCurrentProgress: where each run stands.
CREATE VIEW IF NOT EXISTS run_summary AS
SELECT run_id, min(timestamp) AS started, max(timestamp) AS last, count() AS events, argMax(step, timestamp) AS last_step,
    argMax(status, timestamp) AS last_status, argMax(percentage, timestamp) AS last_percentage
FROM progress_events
WHERE run_id != '' AND timestamp BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')} GROUP BY run_id;

-- Sums by the hour, filled as records come: the same counts over whole hours, `from` until before `to`, without a look at the
-- records; percentiles of t-digests, which are near (durations beyond 10^12 ms count as that).

CREATE TABLE IF NOT EXISTS cuj_hours
(
    cuj_id LowCardinality(String),
    hour DateTime('UTC'),
    total SimpleAggregateFunction(sum, UInt64),
    successful SimpleAggregateFunction(sum, UInt64),
    failed SimpleAggregateFunction(sum, UInt64),
    measured SimpleAggregateFunction(sum, UInt64),
    total_duration_ms SimpleAggregateFunction(sum, Float64),
    durations AggregateFunction(quantilesTDigest(0.5, 0.75, 0.9, 0.95, 0.99), Float64)
)
ENGINE = AggregatingMergeTree PARTITION BY toYYYYMM(hour) ORDER BY (cuj_id, hour);

CREATE MATERIALIZED VIEW IF NOT EXISTS cuj_hours_add TO cuj_hours AS
SELECT cuj_id, toStartOfHour(toDateTime(timestamp, 'UTC')) AS hour, count() AS total, countIf(success) AS successful,
    countIf(NOT success) AS failed, count(duration_ms) AS measured, sum(ifNull(duration_ms, 0)) AS total_duration_ms,
    quantilesTDigestStateIf(0.5, 0.75, 0.9, 0.95, 0.99)(least(assumeNotNull(duration_ms), 1e12), duration_ms IS NOT NULL) AS durations
FROM cuj_executions GROUP BY cuj_id, hour;

CREATE VIEW IF NOT EXISTS cuj_hourly AS
WITH quantilesTDigestMerge(0.5, 0.75, 0.9, 0.95, 0.99)(durations) AS ranks
SELECT cuj_id, sum(h.total) AS total, sum(h.successful) AS successful, sum(h.failed) AS failed, successful / total AS rate,
    sum(h.total_duration_ms) / total AS avg_duration_ms, sum(h.measured) AS measured,
    ranks[1] AS p50, ranks[2] AS p75, ranks[3] AS p90, ranks[4] AS p95, ranks[5] AS p99
FROM cuj_hours AS h WHERE hour >= {from:DateTime('UTC')} AND hour < {to:DateTime('UTC')} GROUP BY cuj_id;

CREATE TABLE IF NOT EXISTS skill_hours
(
    skill LowCardinality(String),
    hour DateTime('UTC'),
    total SimpleAggregateFunction(sum, UInt64),
    successful SimpleAggregateFunction(sum, UInt64),
    failed SimpleAggregateFunction(sum, UInt64),
    measured SimpleAggregateFunction(sum, UInt64),
    total_duration_ms SimpleAggregateFunction(sum, Float64),
    durations AggregateFunction(quantilesTDigest(0.5, 0.75, 0.9, 0.95, 0.99), Float64)
)
ENGINE = AggregatingMergeTree PARTITION BY toYYYYMM(hour) ORDER BY (skill, hour);

CREATE MATERIALIZED VIEW IF NOT EXISTS skill_hours_add TO skill_hours AS
SELECT skill, toStartOfHour(toDateTime(timestamp, 'UTC')) AS hour, count() AS total, countIf(result = 'success') AS successful,
    countIf(result = 'failure') AS failed, count(duration_ms) AS measured, sum(ifNull(duration_ms, 0)) AS total_duration_ms,
    quantilesTDigestStateIf(0.5, 0.75, 0.9, 0.95, 0.99)(least(assumeNotNull(duration_ms), 1e12), duration_ms IS NOT NULL) AS durations
FROM skill_invocations GROUP BY skill, hour;

CREATE VIEW IF NOT EXISTS skill_hourly AS
WITH quantilesTDigestMerge(0.5, 0.75, 0.9, 0.95, 0.99)(durations) AS ranks
SELECT skill, sum(h.total) AS total, sum(h.successful) AS successful, sum(h.failed) AS failed, successful / total AS rate,
    sum(h.total_duration_ms) / total AS avg_duration_ms, sum(h.measured) AS measured,
    ranks[1] AS p50, ranks[2] AS p75, ranks[3] AS p90, ranks[4] AS p95, ranks[5] AS p99
FROM skill_hours AS h WHERE hour >= {from:DateTime('UTC')} AND hour < {to:DateTime('UTC')} GROUP BY skill;

CREATE TABLE IF NOT EXISTS provider_hours
(
    provider LowCardinality(String),
    hour DateTime('UTC'),
    total SimpleAggregateFunction(sum, UInt64),
    successful SimpleAggregateFunction(sum, UInt64),
    failed SimpleAggregateFunction(sum, UInt64),
    measured SimpleAggregateFunction(sum, UInt64),
    total_duration_ms SimpleAggregateFunction(sum, Float64),
    durations AggregateFunction(quantilesTDigest(0.5, 0.75, 0.9, 0.95, 0.99), Float64)
)
ENGINE = AggregatingMergeTree PARTITION BY toYYYYMM(hour) ORDER BY (provider, hour);

CREATE MATERIALIZED VIEW IF NOT EXISTS provider_hours_add TO provider_hours AS
SELECT provider, toStartOfHour(toDateTime(timestamp, 'UTC')) AS hour, count() AS total, countIf(success) AS successful,
    countIf(NOT success) AS failed, count(latency_ms) AS measured, sum(ifNull(latency_ms, 0)) AS total_duration_ms,
    quantilesTDigestStateIf(0.5, 0.75, 0.9, 0.95, 0.99)(least(assumeNotNull(latency_ms), 1e12), latency_ms IS NOT NULL) AS durations
FROM provider_calls GROUP BY provider, hour;

CREATE VIEW IF NOT EXISTS provider_hourly AS
WITH quantilesTDigestMerge(0.5, 0.75, 0.9, 0.95, 0.99)(durations) AS ranks
SELECT provider, sum(h.total) AS total, sum(h.successful) AS successful, sum(h.failed) AS failed, successful / total AS rate,
    sum(h.total_duration_ms) / total AS avg_duration_ms, sum(h.measured) AS measured,
    ranks[1] AS p50, ranks[2] AS p75, ranks[3] AS p90, ranks[4] AS p95, ranks[5] AS p99
FROM provider_hours AS h WHERE hour >= {from:DateTime('UTC')} AND hour < {to:DateTime('UTC')} GROUP BY provider;
