-- Loans. A product is data: what may be asked for, at what price, and how the schedule is computed.
-- owner: lending
CREATE TABLE loan_products (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    min_amount BIGINT NOT NULL,
    max_amount BIGINT NOT NULL,
    min_tenure BIGINT NOT NULL,
    max_tenure BIGINT NOT NULL,
    interest_rate BIGINT NOT NULL,
    processing_fee BIGINT NOT NULL,
    penalty_rate BIGINT NOT NULL,
    min_income BIGINT NOT NULL,
    employment_months_min BIGINT NOT NULL,
    credit_score_min BIGINT NOT NULL,
    style TEXT NOT NULL,
    method TEXT NOT NULL,
    amortisation TEXT NOT NULL,
    interest_period TEXT NOT NULL,
    frequency TEXT NOT NULL,
    grace_on_principal BIGINT NOT NULL,
    grace_on_interest_payment BIGINT NOT NULL,
    instalment_multiple BIGINT,
    due_day_of_month BIGINT,
    penalty_grace_days BIGINT NOT NULL,
    kyc_required BOOLEAN NOT NULL,
    disburses_automatically BOOLEAN NOT NULL,
    is_active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- An application and the loan that it becomes are one row: the id stays the same.
-- owner: lending
CREATE TABLE loans (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    reference TEXT NOT NULL,
    user_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    product_name TEXT NOT NULL,
    status TEXT NOT NULL,
    currency TEXT NOT NULL,
    requested_amount BIGINT NOT NULL,
    requested_tenure BIGINT NOT NULL,
    principal BIGINT NOT NULL,
    tenure BIGINT NOT NULL,
    interest_rate BIGINT NOT NULL,
    total_interest BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    employment TEXT NOT NULL,
    risk_score BIGINT NOT NULL,
    risk_reasons TEXT NOT NULL,
    submitted_at BIGINT NOT NULL,
    reviewed_at BIGINT,
    decided_at BIGINT,
    decided_by TEXT,
    rejection_reason TEXT,
    admin_notes TEXT,
    disbursed_at BIGINT,
    payout_id TEXT,
    payout_attempts BIGINT NOT NULL,
    closed_at BIGINT,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, reference),
    FOREIGN KEY (tenant_id, product_id) REFERENCES loan_products (tenant_id, id)
);
CREATE INDEX loans_by_user ON loans (tenant_id, user_id, submitted_at);
CREATE INDEX loans_by_status ON loans (tenant_id, status, submitted_at);

-- What each instalment demands and what of it is paid. Penalties and fees stand outside of the schedule.
-- owner: lending
CREATE TABLE loan_instalments (
    tenant_id TEXT NOT NULL,
    loan_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    due_on TEXT NOT NULL,
    currency TEXT NOT NULL,
    principal_due BIGINT NOT NULL,
    principal_paid BIGINT NOT NULL,
    interest_due BIGINT NOT NULL,
    interest_paid BIGINT NOT NULL,
    penalty_due BIGINT NOT NULL,
    penalty_paid BIGINT NOT NULL,
    fee_due BIGINT NOT NULL,
    fee_paid BIGINT NOT NULL,
    paid_at BIGINT,
    PRIMARY KEY (tenant_id, loan_id, number),
    FOREIGN KEY (tenant_id, loan_id) REFERENCES loans (tenant_id, id),
    CHECK (principal_paid >= 0 AND principal_paid <= principal_due),
    CHECK (interest_paid >= 0 AND interest_paid <= interest_due),
    CHECK (penalty_paid >= 0 AND penalty_paid <= penalty_due),
    CHECK (fee_paid >= 0 AND fee_paid <= fee_due)
);
CREATE INDEX loan_instalments_by_due ON loan_instalments (tenant_id, due_on);

-- Where each incoming amount went. One row a source: a payment, or a use of the borrower's credit.
-- owner: lending
CREATE TABLE loan_receipts (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    loan_id TEXT NOT NULL,
    source TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount BIGINT NOT NULL,
    surplus BIGINT NOT NULL,
    applications TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, source, loan_id),
    FOREIGN KEY (tenant_id, loan_id) REFERENCES loans (tenant_id, id)
);
CREATE INDEX loan_receipts_by_loan ON loan_receipts (tenant_id, loan_id, received_at);
{append_only loan_receipts}

-- Each penalty is charged once: for an instalment and a month of its delay.
-- owner: lending
CREATE TABLE loan_penalties (
    tenant_id TEXT NOT NULL,
    loan_id TEXT NOT NULL,
    instalment BIGINT NOT NULL,
    month BIGINT NOT NULL,
    currency TEXT NOT NULL,
    amount BIGINT NOT NULL,
    charged_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, loan_id, instalment, month)
);
{append_only loan_penalties}

-- The last number of a year's loan references.
-- owner: lending
CREATE TABLE loan_counters (
    tenant_id TEXT NOT NULL,
    year BIGINT NOT NULL,
    last_number BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, year)
);
