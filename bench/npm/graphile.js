// What jobs_main.cpp measures, of graphile-worker: node graphile.js URL JOBS prints one JSON object.
"use strict";
const { Pool } = require("pg");
const { Logger, run, runMigrations } = require("graphile-worker");

const logger = new Logger(() => () => {});
const concurrentJobs = 24;
// The settings of its own performance test: jobs fetched and completed by the hundred, without waiting for more.
const batched = { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };

async function start(url, worker, taskList) {
  return run({
    taskList,
    preset: { worker: { connectionString: url, concurrentJobs, logger, maxPoolSize: concurrentJobs + 1, ...worker } },
  });
}

async function rate(pool, url, count, worker) {
  await pool.query("SELECT graphile_worker.add_job('nothing', '{}'::json) FROM generate_series(1, $1::int)", [count]);
  let left = count;
  let tellDone;
  const done = new Promise((resolve) => { tellDone = resolve; });
  const begin = process.hrtime.bigint();
  const runner = await start(url, worker, { nothing: () => { if (--left === 0) tellDone(); } });
  await done;
  // Done are only those whose rows are gone.
  while ((await pool.query("SELECT 1 FROM graphile_worker._private_jobs LIMIT 1")).rowCount > 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  await runner.stop();
  return count / seconds;
}

async function startLatencies(pool, url, count) {
  let tellStart;
  const runner = await start(url, {}, { call: () => tellStart() });
  const latencies = [];
  for (let i = 0; i < count; ++i) {
    const started = new Promise((resolve) => { tellStart = resolve; });
    const begin = process.hrtime.bigint();
    await pool.query("SELECT graphile_worker.add_job('call', '{}'::json)");
    await started;
    latencies.push(Number(process.hrtime.bigint() - begin) / 1e6);
  }
  await runner.stop();
  return latencies.sort((a, b) => a - b);
}

async function main() {
  const url = process.argv[2];
  const count = Number(process.argv[3]);
  const pool = new Pool({ connectionString: url });
  await runMigrations({ connectionString: url, logger });
  await rate(pool, url, 500, batched);
  const result = {
    batched: await rate(pool, url, count, batched),
    commit_per_job: await rate(pool, url, Math.floor(count / 10), {}),
  };
  const latencies = await startLatencies(pool, url, 300);
  const at = (percent) => latencies[Math.floor(((latencies.length - 1) * percent) / 100)];
  Object.assign(result, { p50_ms: at(50), p99_ms: at(99) });
  console.log(JSON.stringify(result));
  await pool.end();
}

main().catch((fault) => { console.error(fault); process.exit(2); });
