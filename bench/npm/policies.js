// Decisions of casbin and Cedar in this process, by the rules that policies_main.cpp has: role i may read the
// resource i / 10. Prints one line of JSON. policies.js SECONDS
const {newEnforcer, newModelFromString, StringAdapter} = require('casbin');
const cedar = require('@cedar-policy/cedar-wasm/nodejs');

const SECONDS = Number(process.argv[2] || 2);
const PER_RESOURCE = 10;
const MODEL = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.obj == p.obj && r.act == p.act && g(r.sub, p.sub)`;

// The same questions for both: half of them are allowed.
function questions(count) {
    const asked = [];
    for (let i = 0; i < 256; i++) {
        const role = (i * 7919) % count;
        const isAllowed = i % 2 === 0;
        asked.push({role, resource: Math.floor(role / PER_RESOURCE) + (isAllowed ? 0 : 1), isAllowed});
    }
    return asked;
}

function rateOf(decide, asked) {
    const start = process.hrtime.bigint();
    const end = start + BigInt(SECONDS * 1e9);
    let decided = 0;
    while (process.hrtime.bigint() < end) {
        const each = asked[decided % asked.length];
        if (decide(each) !== each.isAllowed) throw new Error('a decision is wrong');
        decided += 1;
    }
    return decided / (Number(process.hrtime.bigint() - start) / 1e9);
}

async function casbinRate(count) {
    const lines = [];
    for (let i = 0; i < count; i++) {
        lines.push(`p, role${i}, data${Math.floor(i / PER_RESOURCE)}, read`, `g, user${i}, role${i}`);
    }
    const enforcer = await newEnforcer(newModelFromString(MODEL), new StringAdapter(lines.join('\n')));
    const decide = ({role, resource}) => enforcer.enforceSync(`user${role}`, `data${resource}`, 'read');
    return rateOf(decide, questions(count));
}

function cedarRate(count) {
    const policies = {};
    for (let i = 0; i < count; i++) {
        const resource = Math.floor(i / PER_RESOURCE);
        policies[`rule${i}`] =
            `permit(principal in Role::"${i}", action == Action::"read", resource == Data::"${resource}");`;
    }
    const parsed = cedar.preparsePolicySet(`rules${count}`, {staticPolicies: policies});
    if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed).slice(0, 300));
    const decide = ({role, resource}) => {
        const principal = {type: 'User', id: String(role)};
        const answer = cedar.statefulIsAuthorized({
            principal,
            action: {type: 'Action', id: 'read'},
            resource: {type: 'Data', id: String(resource)},
            context: {},
            preparsedPolicySetId: `rules${count}`,
            entities: [{uid: principal, attrs: {}, parents: [{type: 'Role', id: String(role)}]}],
        });
        return answer.response.decision === 'allow';
    };
    return rateOf(decide, questions(count));
}

async function main() {
    const rates = {casbin: {}, cedar: {}};
    for (const count of [10, 1000, 100000]) {
        rates.casbin[count] = await casbinRate(count);
        rates.cedar[count] = cedarRate(count);
    }
    console.log(JSON.stringify(rates));
}

main();
