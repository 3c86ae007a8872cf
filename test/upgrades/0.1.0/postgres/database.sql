
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA waggle_auth;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.api_keys (
    company_id bigint NOT NULL,
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    label text NOT NULL,
    prefix text NOT NULL,
    digest bytea NOT NULL,
    may_read boolean NOT NULL,
    may_write boolean NOT NULL,
    may_administer boolean NOT NULL,
    created_at bigint NOT NULL,
    last_used_at bigint,
    expires_at bigint,
    revoked_at bigint
);
CREATE TABLE public.categories (
    company_id bigint NOT NULL,
    id bigint NOT NULL,
    uuid text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    label text NOT NULL,
    partner_type text,
    archived_at bigint
);
CREATE TABLE public.companies (
    id bigint NOT NULL,
    uuid text NOT NULL,
    name text NOT NULL,
    created_at bigint NOT NULL,
    suspended_at bigint
);
CREATE TABLE public.company_log (
    company_id bigint NOT NULL,
    last_sequence bigint NOT NULL,
    last_time bigint NOT NULL,
    definitions_version bigint NOT NULL
);
CREATE TABLE public.custom_field_options (
    company_id bigint NOT NULL,
    custom_field_id bigint NOT NULL,
    id bigint NOT NULL,
    label text NOT NULL,
    archived_at bigint
);
CREATE TABLE public.custom_fields (
    company_id bigint NOT NULL,
    id bigint NOT NULL,
    uuid text NOT NULL,
    created_at bigint NOT NULL,
    label text NOT NULL,
    type text NOT NULL,
    category text NOT NULL,
    partner_type text,
    required boolean NOT NULL,
    shared boolean NOT NULL,
    archived_at bigint,
    options_made bigint DEFAULT 0 NOT NULL,
    "position" bigint DEFAULT 0 NOT NULL,
    CONSTRAINT custom_fields_category_check CHECK ((category = ANY (ARRAY['lead'::text, 'lead_deal'::text, 'partner'::text])))
);
CREATE TABLE public.deliveries (
    company_id bigint NOT NULL,
    id bigint NOT NULL,
    webhook_id bigint NOT NULL,
    sequence bigint NOT NULL,
    round bigint NOT NULL,
    lead_id bigint NOT NULL,
    event_name text NOT NULL,
    created_at bigint NOT NULL,
    state text NOT NULL,
    late boolean NOT NULL,
    replay boolean NOT NULL,
    attempts bigint NOT NULL,
    tries bigint NOT NULL,
    first_attempt_at bigint,
    last_attempt_at bigint,
    next_attempt_at bigint,
    delivered_at bigint,
    status bigint,
    ms bigint,
    answer text,
    error text,
    CONSTRAINT deliveries_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'retrying'::text, 'delivered'::text, 'parked'::text, 'expired'::text, 'skipped'::text])))
);
CREATE TABLE public.events (
    company_id bigint NOT NULL,
    sequence bigint NOT NULL,
    lead_id bigint NOT NULL,
    version bigint NOT NULL,
    previous_sequence bigint NOT NULL,
    name text NOT NULL,
    at bigint NOT NULL,
    user_uuid text,
    key_id bigint,
    request_id text,
    definitions_version bigint NOT NULL,
    members json NOT NULL,
    payload json
);
CREATE TABLE public.id_sources (
    name text NOT NULL,
    next_id bigint NOT NULL
);
CREATE TABLE public.idempotency_keys (
    company_id bigint NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    created_at bigint NOT NULL,
    reply text NOT NULL,
    sequence bigint
);
CREATE TABLE public.import_rows (
    company_id bigint NOT NULL,
    import_id bigint NOT NULL,
    "row" bigint NOT NULL,
    outcome text NOT NULL,
    lead_id bigint,
    sequence bigint,
    error text,
    CONSTRAINT import_rows_outcome_check CHECK ((outcome = ANY (ARRAY['created'::text, 'updated'::text, 'unchanged'::text, 'failed'::text, 'undone'::text, 'kept'::text])))
);
CREATE TABLE public.imports (
    company_id bigint NOT NULL,
    id bigint NOT NULL,
    uuid text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    ended_at bigint,
    user_uuid text,
    name text NOT NULL,
    settings json NOT NULL,
    dry_run boolean NOT NULL,
    state text NOT NULL,
    message text,
    rows bigint NOT NULL,
    created bigint NOT NULL,
    updated bigint NOT NULL,
    unchanged bigint NOT NULL,
    failed bigint NOT NULL,
    undone bigint NOT NULL,
    CONSTRAINT imports_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'stopped'::text, 'undoing'::text, 'undone'::text])))
);
CREATE TABLE public.integrations (
    company_id bigint NOT NULL,
    id bigint NOT NULL,
    uuid text NOT NULL,
    created_at bigint NOT NULL,
    name text NOT NULL,
    configuration json NOT NULL,
    api_key bytea,
    external_settings bytea
);
CREATE TABLE public.leads (
    company_id bigint NOT NULL,
    id bigint NOT NULL,
    uuid text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    version bigint NOT NULL,
    last_sequence bigint NOT NULL,
    source text NOT NULL,
    company_name text,
    email text,
    phone_number text,
    first_name text,
    last_name text,
    status text NOT NULL,
    partner_type text,
    created_by_user_id bigint,
    campaign_id bigint,
    archived_at bigint,
    tags jsonb NOT NULL,
    assigned_users jsonb NOT NULL,
    custom_fields jsonb NOT NULL,
    external_id text,
    CONSTRAINT leads_status_check CHECK ((status = ANY (ARRAY['new'::text, 'contacted'::text, 'qualified'::text, 'converted'::text, 'lost'::text])))
)
WITH (fillfactor='85');
CREATE VIEW public.lead_custom_value AS
 SELECT leads.company_id,
    leads.id AS lead_id,
    (field.key)::bigint AS custom_field_id,
    ((field.value ->> 'id'::text))::bigint AS custom_field_value_id,
    (field.value -> 'value'::text) AS value
   FROM public.leads,
    LATERAL jsonb_each(leads.custom_fields) field(key, value);
CREATE TABLE public.lead_details (
    company_id bigint NOT NULL,
    lead_id bigint NOT NULL,
    content json NOT NULL
);
CREATE VIEW public.lead_tag AS
 SELECT leads.company_id,
    leads.id AS lead_id,
    (tag.value)::bigint AS tag_id
   FROM public.leads,
    LATERAL jsonb_array_elements_text(leads.tags) tag(value);
CREATE VIEW public.lead_user AS
 SELECT leads.company_id,
    leads.id AS lead_id,
    (assigned.value)::bigint AS user_id
   FROM public.leads,
    LATERAL jsonb_array_elements_text(leads.assigned_users) assigned(value);
CREATE TABLE public.log_cursors (
    company_id bigint NOT NULL,
    name text NOT NULL,
    sequence bigint NOT NULL
);
CREATE TABLE public.meta (
    name text NOT NULL,
    value text NOT NULL
);
CREATE TABLE public.migrations (
    version bigint NOT NULL,
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.older_definitions (
    company_id bigint NOT NULL,
    version bigint NOT NULL,
    place bigint NOT NULL,
    of_table text NOT NULL,
    content json NOT NULL
);
CREATE TABLE public.processes (
    id text NOT NULL,
    beats bigint NOT NULL
);
CREATE TABLE public.saved_views (
    company_id bigint NOT NULL,
    id bigint NOT NULL,
    uuid text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    user_uuid text NOT NULL,
    name text NOT NULL,
    shared boolean NOT NULL,
    layout text NOT NULL,
    query jsonb NOT NULL,
    columns jsonb NOT NULL,
    "position" bigint NOT NULL,
    CONSTRAINT saved_views_layout_check CHECK ((layout = ANY (ARRAY['table'::text, 'board'::text])))
);
CREATE TABLE public.stages (
    company_id bigint NOT NULL,
    id bigint NOT NULL,
    uuid text NOT NULL,
    created_at bigint NOT NULL,
    pipeline text NOT NULL,
    label text NOT NULL,
    series bigint NOT NULL,
    phase text NOT NULL,
    partner_type text,
    archived_at bigint,
    CONSTRAINT stages_pipeline_check CHECK ((pipeline = ANY (ARRAY['partner'::text, 'lead_deal'::text])))
);
CREATE TABLE public.tags (
    company_id bigint NOT NULL,
    id bigint NOT NULL,
    uuid text NOT NULL,
    created_at bigint NOT NULL,
    label text NOT NULL,
    background_color text NOT NULL,
    text_color text NOT NULL,
    association text NOT NULL,
    partner_type text,
    archived_at bigint,
    CONSTRAINT tags_association_check CHECK ((association = ANY (ARRAY['lead'::text, 'lead_deal'::text, 'partner'::text, 'card'::text])))
);
CREATE TABLE public.tiers (
    company_id bigint NOT NULL,
    id bigint NOT NULL,
    uuid text NOT NULL,
    created_at bigint NOT NULL,
    label text NOT NULL,
    background_color text NOT NULL,
    text_color text NOT NULL,
    partner_type text,
    archived_at bigint
);
CREATE TABLE public.users (
    company_id bigint NOT NULL,
    id bigint NOT NULL,
    uuid text NOT NULL,
    created_at bigint NOT NULL,
    email text NOT NULL,
    first_name text,
    last_name text,
    role text NOT NULL,
    "position" text,
    color text,
    email_verified bigint,
    disabled_at bigint,
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'partnerships'::text, 'partner'::text, 'indirect'::text])))
);
CREATE TABLE public.webhooks (
    company_id bigint NOT NULL,
    id bigint NOT NULL,
    uuid text NOT NULL,
    integration_id bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    url text NOT NULL,
    events json,
    fields json,
    description text,
    state text NOT NULL,
    reason text,
    secret bytea NOT NULL,
    old_secret bytea,
    old_secret_until bigint,
    revision bigint NOT NULL,
    cursor bigint NOT NULL,
    round bigint NOT NULL,
    replay_until bigint NOT NULL,
    skipped_until bigint NOT NULL,
    failing_since bigint,
    last_attempt_at bigint,
    last_status bigint,
    last_delivered_at bigint,
    deleted_at bigint,
    holder text,
    CONSTRAINT webhooks_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'disabled'::text])))
);
CREATE TABLE waggle_auth.account (
    id text NOT NULL,
    "accountId" text NOT NULL,
    "providerId" text NOT NULL,
    "userId" text NOT NULL,
    "accessToken" text,
    "refreshToken" text,
    "idToken" text,
    "accessTokenExpiresAt" timestamp with time zone,
    "refreshTokenExpiresAt" timestamp with time zone,
    scope text,
    password text,
    "createdAt" timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "updatedAt" timestamp with time zone NOT NULL
);
CREATE TABLE waggle_auth.session (
    id text NOT NULL,
    "expiresAt" timestamp with time zone NOT NULL,
    token text NOT NULL,
    "createdAt" timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "updatedAt" timestamp with time zone NOT NULL,
    "ipAddress" text,
    "userAgent" text,
    "userId" text NOT NULL
);
CREATE TABLE waggle_auth."user" (
    id text NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    "emailVerified" boolean NOT NULL,
    image text,
    "createdAt" timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "updatedAt" timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "companyId" integer NOT NULL,
    "userUuid" text NOT NULL
);
CREATE TABLE waggle_auth.verification (
    id text NOT NULL,
    identifier text NOT NULL,
    value text NOT NULL,
    "expiresAt" timestamp with time zone NOT NULL,
    "createdAt" timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "updatedAt" timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);
INSERT INTO public.api_keys VALUES (1, 2, 1, 'Reader', 'wgl_a91f54ff', '\x4e25b2f6b88a4ad9f1befb0af272bfb697fd3b2017feceb0236dc36a0f5e8f95', true, false, false, 1795865949261, NULL, NULL, NULL);
INSERT INTO public.api_keys VALUES (1, 4, 1, 'Sync', 'wgl_ce53613d', '\xdecdd515be0d85a6972113159838fb55add8d253449ed2d6eea23bda01eb3110', true, true, false, 1795865949335, NULL, NULL, NULL);
INSERT INTO public.api_keys VALUES (1, 3, 1, 'Sync', 'wgl_1140caa6', '\xde980fb5255dbcb0d0f5e2dfa8c220ebb0bda5bfa313c40705a03efb27d2582d', true, true, false, 1795865949315, NULL, 1795952349335, NULL);
INSERT INTO public.api_keys VALUES (1, 5, 1, 'Lost', 'wgl_49cc40c6', '\xbfcb141f19bc0165ce3954a1a6472f7b271abf44ea96c06cba95f2524edd100a', true, false, false, 1795865949347, NULL, NULL, 1795865949366);
INSERT INTO public.api_keys VALUES (1, 1, 1, 'First key', 'wgl_378c87af', '\xea12f6df22d098163d9156686c472200b57a6d038cd8af7031721d50a16a8604', true, true, true, 1795865940601, 1795865956080, NULL, NULL);
INSERT INTO public.categories VALUES (1, 2, '01a221f3-b18a-74f3-94c8-bff8f6df1f77', 1795865948554, 1795865948554, 'Silver partners', NULL, NULL);
INSERT INTO public.categories VALUES (1, 1, '01a221f3-b169-736e-90b5-51debc7625aa', 1795865948521, 1795865949762, 'Gold partners', NULL, 1795865949762);
INSERT INTO public.companies VALUES (1, '01a221f3-9279-771c-8f0d-64615189f144', 'Ærø & Söhne 東京', 1795865940601, NULL);
INSERT INTO public.company_log VALUES (1, 28, 1795865954002, 34);
INSERT INTO public.custom_field_options VALUES (1, 6, 2, 'Low', NULL);
INSERT INTO public.custom_field_options VALUES (1, 7, 1, 'High', NULL);
INSERT INTO public.custom_field_options VALUES (1, 7, 2, 'Low', NULL);
INSERT INTO public.custom_field_options VALUES (1, 7, 3, 'None', NULL);
INSERT INTO public.custom_field_options VALUES (1, 6, 3, 'None', 1795865949573);
INSERT INTO public.custom_field_options VALUES (1, 6, 1, 'Highest', NULL);
INSERT INTO public.custom_fields VALUES (1, 2, '01a221f3-b069-7944-8a78-da81d57a6d96', 1795865948265, 'A textarea', 'textarea', 'lead', NULL, false, false, NULL, 0, 0);
INSERT INTO public.custom_fields VALUES (1, 4, '01a221f3-b0a4-7b5f-a005-f0f578f3bd97', 1795865948324, 'A date', 'date', 'lead', NULL, false, false, NULL, 0, 0);
INSERT INTO public.custom_fields VALUES (1, 5, '01a221f3-b0bb-773e-8d2e-d9e7b6ea980a', 1795865948347, 'A boolean', 'boolean', 'lead', NULL, false, false, NULL, 0, 0);
INSERT INTO public.custom_fields VALUES (1, 6, '01a221f3-b0c5-7fbe-8865-421e5aa483bb', 1795865948357, 'A select', 'select', 'lead', NULL, false, false, NULL, 3, 0);
INSERT INTO public.custom_fields VALUES (1, 7, '01a221f3-b0de-7407-a688-855ce271b249', 1795865948382, 'A multi_select', 'multi_select', 'lead', NULL, false, false, NULL, 3, 0);
INSERT INTO public.custom_fields VALUES (1, 8, '01a221f3-b0f9-75a9-840a-dd5bf9d6234b', 1795865948409, 'Of deals', 'text', 'lead_deal', NULL, true, false, NULL, 0, 0);
INSERT INTO public.custom_fields VALUES (1, 1, '01a221f3-b01e-72f0-9e40-1f9c1b438984', 1795865948190, 'A renamed text', 'text', 'lead', NULL, false, false, NULL, 0, 9);
INSERT INTO public.custom_fields VALUES (1, 3, '01a221f3-b08d-72d0-bb19-6d5ceb7b7afc', 1795865948301, 'A number', 'number', 'lead', NULL, false, false, 1795865949508, 0, 0);
INSERT INTO public.deliveries VALUES (1, 1, 1, 1, 1, 1, 'lead_created', 1795865948781, 'delivered', false, false, 1, 1, 1795865948702, 1795865948702, NULL, 1795865948724, 200, 22, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 2, 1, 2, 1, 2, 'lead_created', 1795865948781, 'delivered', false, false, 1, 1, 1795865948708, 1795865948708, NULL, 1795865948726, 200, 18, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 3, 2, 1, 1, 1, 'lead_created', 1795865948781, 'parked', false, false, 1, 1, 1795865948709, 1795865948709, NULL, NULL, 500, 17, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 4, 2, 2, 1, 2, 'lead_created', 1795865948781, 'parked', false, false, 1, 1, 1795865948710, 1795865948710, NULL, NULL, 500, 17, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 5, 1, 3, 1, 3, 'lead_created', 1795865948807, 'delivered', false, false, 1, 1, 1795865948773, 1795865948773, NULL, 1795865948784, 200, 11, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 6, 2, 3, 1, 3, 'lead_created', 1795865948807, 'parked', false, false, 1, 1, 1795865948778, 1795865948778, NULL, NULL, 500, 7, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 7, 1, 4, 1, 4, 'lead_created', 1795865948850, 'delivered', false, false, 1, 1, 1795865948800, 1795865948800, NULL, 1795865948804, 200, 4, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 8, 2, 4, 1, 4, 'lead_created', 1795865948850, 'parked', false, false, 1, 1, 1795865948802, 1795865948802, NULL, NULL, 500, 3, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 9, 1, 5, 1, 5, 'lead_created', 1795865948865, 'delivered', false, false, 1, 1, 1795865948852, 1795865948852, NULL, 1795865948860, 200, 7, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 10, 2, 5, 1, 5, 'lead_created', 1795865948865, 'parked', false, false, 1, 1, 1795865948853, 1795865948853, NULL, NULL, 500, 7, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 11, 2, 6, 1, 6, 'lead_created', 1795865948884, 'parked', false, false, 1, 1, 1795865948866, 1795865948866, NULL, NULL, 500, 6, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 12, 1, 6, 1, 6, 'lead_created', 1795865948884, 'delivered', false, false, 1, 1, 1795865948867, 1795865948867, NULL, 1795865948874, 200, 7, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 13, 2, 7, 1, 7, 'lead_created', 1795865948902, 'parked', false, false, 1, 1, 1795865948878, 1795865948878, NULL, NULL, 500, 5, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 14, 2, 8, 1, 8, 'lead_created', 1795865948902, 'parked', false, false, 1, 1, 1795865948889, 1795865948889, NULL, NULL, 500, 3, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 15, 2, 9, 1, 9, 'lead_created', 1795865948902, 'parked', false, false, 1, 1, 1795865948897, 1795865948897, NULL, NULL, 500, 3, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 16, 1, 7, 1, 7, 'lead_created', 1795865948902, 'delivered', false, false, 1, 1, 1795865948878, 1795865948878, NULL, 1795865948883, 200, 4, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 17, 1, 8, 1, 8, 'lead_created', 1795865948902, 'delivered', false, false, 1, 1, 1795865948889, 1795865948889, NULL, 1795865948893, 200, 3, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 18, 1, 9, 1, 9, 'lead_created', 1795865948902, 'delivered', false, false, 1, 1, 1795865948897, 1795865948897, NULL, 1795865948900, 200, 3, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 19, 2, 10, 1, 10, 'lead_created', 1795865948930, 'parked', false, false, 1, 1, 1795865948903, 1795865948903, NULL, NULL, 500, 5, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 20, 1, 10, 1, 10, 'lead_created', 1795865948930, 'delivered', false, false, 1, 1, 1795865948903, 1795865948903, NULL, 1795865948908, 200, 5, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 21, 2, 11, 1, 11, 'lead_created', 1795865948952, 'parked', false, false, 1, 1, 1795865948923, 1795865948923, NULL, NULL, 500, 6, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 22, 1, 11, 1, 11, 'lead_created', 1795865948952, 'delivered', false, false, 1, 1, 1795865948923, 1795865948923, NULL, 1795865948927, 200, 5, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 23, 2, 12, 1, 12, 'lead_created', 1795865949006, 'parked', false, false, 1, 1, 1795865948943, 1795865948943, NULL, NULL, 500, 12, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 24, 1, 12, 1, 12, 'lead_created', 1795865949006, 'delivered', false, false, 1, 1, 1795865948944, 1795865948944, NULL, 1795865948958, 200, 14, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 25, 1, 13, 1, 1, 'lead_updated', 1795865949032, 'delivered', false, false, 1, 1, 1795865948985, 1795865948985, NULL, 1795865949008, 200, 23, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 26, 2, 13, 1, 1, 'lead_updated', 1795865949051, 'parked', false, false, 1, 1, 1795865949003, 1795865949003, NULL, NULL, 500, 15, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 27, 1, 14, 1, 2, 'lead_updated', 1795865949088, 'delivered', false, false, 1, 1, 1795865949035, 1795865949035, NULL, 1795865949042, 200, 7, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 28, 2, 14, 1, 2, 'lead_updated', 1795865949116, 'parked', false, false, 1, 1, 1795865949034, 1795865949034, NULL, NULL, 500, 7, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 29, 2, 15, 1, 2, 'lead_updated', 1795865949116, 'parked', false, false, 1, 1, 1795865949048, 1795865949048, NULL, NULL, 500, 31, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 30, 1, 15, 1, 2, 'lead_updated', 1795865949142, 'delivered', false, false, 1, 1, 1795865949049, 1795865949049, NULL, 1795865949080, 200, 31, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 31, 2, 16, 1, 3, 'lead_deleted', 1795865949172, 'parked', false, false, 1, 1, 1795865949121, 1795865949121, NULL, NULL, 500, 21, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 32, 1, 16, 1, 3, 'lead_deleted', 1795865949183, 'delivered', false, false, 1, 1, 1795865949117, 1795865949117, NULL, 1795865949142, 200, 22, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 33, 2, 17, 1, 4, 'lead_deleted', 1795865949244, 'parked', false, false, 1, 1, 1795865949158, 1795865949158, NULL, NULL, 500, 23, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 34, 1, 17, 1, 4, 'lead_deleted', 1795865949244, 'delivered', false, false, 1, 1, 1795865949158, 1795865949158, NULL, 1795865949182, 200, 23, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 35, 2, 18, 1, 4, 'lead_updated', 1795865949279, 'parked', false, false, 1, 1, 1795865949189, 1795865949189, NULL, NULL, 500, 4, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 36, 2, 19, 1, 5, 'lead_updated', 1795865949279, 'parked', false, false, 1, 1, 1795865949240, 1795865949240, NULL, NULL, 500, 15, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 37, 2, 20, 1, 2, 'lead_updated', 1795865949279, 'parked', false, false, 1, 1, 1795865949240, 1795865949240, NULL, NULL, 500, 14, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 38, 1, 18, 1, 4, 'lead_updated', 1795865949279, 'delivered', false, false, 1, 1, 1795865949188, 1795865949188, NULL, 1795865949193, 200, 5, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 39, 1, 19, 1, 5, 'lead_updated', 1795865949279, 'delivered', false, false, 1, 1, 1795865949227, 1795865949227, NULL, 1795865949254, 200, 27, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 40, 1, 20, 1, 2, 'lead_updated', 1795865949279, 'delivered', false, false, 1, 1, 1795865949227, 1795865949227, NULL, 1795865949255, 200, 24, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 41, 2, 21, 1, 13, 'lead_created', 1795865949296, 'parked', false, false, 1, 1, 1795865949240, 1795865949240, NULL, NULL, 500, 17, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 42, 1, 21, 1, 13, 'lead_created', 1795865949296, 'delivered', false, false, 1, 1, 1795865949231, 1795865949231, NULL, 1795865949258, 200, 26, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 43, 1, 22, 1, 1, 'lead_updated', 1795865949829, 'delivered', false, false, 1, 1, 1795865949808, 1795865949808, NULL, 1795865949826, 200, 18, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 44, 2, 22, 1, 1, 'lead_updated', 1795865949829, 'parked', false, false, 1, 1, 1795865949808, 1795865949808, NULL, NULL, 500, 18, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 45, 1, 23, 1, 14, 'lead_created', 1795865949921, 'delivered', false, false, 1, 1, 1795865949887, 1795865949887, NULL, 1795865949896, 200, 8, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 46, 1, 24, 1, 15, 'lead_created', 1795865949921, 'delivered', false, false, 1, 1, 1795865949887, 1795865949887, NULL, 1795865949910, 200, 22, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 47, 2, 23, 1, 14, 'lead_created', 1795865949946, 'parked', false, false, 1, 1, 1795865949888, 1795865949888, NULL, NULL, 500, 24, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 48, 2, 24, 1, 15, 'lead_created', 1795865949946, 'parked', false, false, 1, 1, 1795865949888, 1795865949888, NULL, NULL, 500, 24, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 49, 1, 25, 1, 16, 'lead_created', 1795865950020, 'delivered', false, false, 1, 1, 1795865949985, 1795865949985, NULL, 1795865950002, 200, 17, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 50, 2, 25, 1, 16, 'lead_created', 1795865950020, 'parked', false, false, 1, 1, 1795865949988, 1795865949988, NULL, NULL, 500, 21, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 51, 1, 26, 1, 16, 'lead_deleted', 1795865950067, 'delivered', false, false, 1, 1, 1795865950062, 1795865950062, NULL, 1795865950064, 200, 1, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 52, 2, 26, 1, 16, 'lead_deleted', 1795865950093, 'parked', false, false, 1, 1, 1795865950062, 1795865950062, NULL, NULL, 500, 2, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 4097, 1, 27, 1, 1, 'lead_updated', 1795865954151, 'delivered', false, false, 1, 1, 1795865954021, 1795865954021, NULL, 1795865954055, 200, 33, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 4098, 1, 28, 1, 2, 'lead_updated', 1795865954151, 'delivered', false, false, 1, 1, 1795865954025, 1795865954025, NULL, 1795865954056, 200, 31, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 4099, 2, 27, 1, 1, 'lead_updated', 1795865954151, 'retrying', false, false, 1, 1, 1795865954034, 1795865954034, 1795953621212, NULL, 500, 22, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 4100, 2, 28, 1, 2, 'lead_updated', 1795865954151, 'retrying', false, false, 1, 1, 1795865954035, 1795865954035, 1795953088267, NULL, 500, 22, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.events VALUES (1, 1, 1, 1, 0, 'lead_created', 1795865948664, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b1dd-7834-ad31-3ec6e3c490ec', 23, '[]', '{"was":{},"is":["01a221f3-b1f8-712d-a850-34df35358237",1795865948664,"manual","Nordlicht 0","ada0@nordlicht.example",null,"Ada","Bërg 0","new","referral",1,[1,3],[2,4],{"1":{"id":1,"uuid":"01a221f3-b1f8-7f84-94b8-96703a071c30","value":"Text 0"},"3":{"id":2,"uuid":"01a221f3-b1f8-7586-8b32-01a22b8167ab","value":0}}]}');
INSERT INTO public.events VALUES (1, 2, 2, 1, 0, 'lead_created', 1795865948688, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b20c-71c9-9d1d-2cf03021e1a8', 23, '[]', '{"was":{},"is":["01a221f3-b210-78d4-b94b-f5fe08e72a68",1795865948688,"manual","Nordlicht 1",null,null,null,null,"new","referral",1,[],[],{"1":{"id":3,"uuid":"01a221f3-b210-7f23-82af-3010ccba859f","value":"Text 1"},"3":{"id":4,"uuid":"01a221f3-b210-7dad-be24-93f11903920d","value":1.25}}]}');
INSERT INTO public.events VALUES (1, 3, 3, 1, 0, 'lead_created', 1795865948742, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b228-7656-86d1-c22cc87689ed', 23, '[]', '{"was":{},"is":["01a221f3-b246-7d01-8c0b-7e19f014b925",1795865948742,"manual","Nordlicht 2","ada2@nordlicht.example",null,"Ada","Bërg 2","new","referral",1,[],[],{"1":{"id":5,"uuid":"01a221f3-b246-7fb9-8a2c-31cdd755eda0","value":"Text 2"},"3":{"id":6,"uuid":"01a221f3-b246-7fd1-979c-d2eed95a3427","value":2.5}}]}');
INSERT INTO public.events VALUES (1, 4, 4, 1, 0, 'lead_created', 1795865948794, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b25f-74d5-8184-69a83f0058e4', 23, '[]', '{"was":{},"is":["01a221f3-b27a-70c0-8929-a5c5e0267dee",1795865948794,"manual","Nordlicht 3",null,null,null,null,"new","referral",1,[1,3],[2,4],{"1":{"id":7,"uuid":"01a221f3-b27a-7872-bc10-aa4d57216e0b","value":"Text 3"},"3":{"id":8,"uuid":"01a221f3-b27a-73d3-88f3-25ef4638ffa8","value":3.75}}]}');
INSERT INTO public.events VALUES (1, 5, 5, 1, 0, 'lead_created', 1795865948835, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b283-7590-a8fa-8e20a6149aba', 23, '[]', '{"was":{},"is":["01a221f3-b2a3-7151-b485-f951db3c4fab",1795865948835,"manual","Nordlicht 4","ada4@nordlicht.example",null,"Ada","Bërg 4","new","reseller",1,[],[],{"1":{"id":9,"uuid":"01a221f3-b2a3-79a4-9cd0-109064014de7","value":"Text 4"},"3":{"id":10,"uuid":"01a221f3-b2a3-7a4e-9c89-5d51aa5503f7","value":5}},"crm-4"]}');
INSERT INTO public.events VALUES (1, 6, 6, 1, 0, 'lead_created', 1795865948858, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b2b3-7c60-9439-698f26f8f00a', 23, '[]', '{"was":{},"is":["01a221f3-b2ba-7df1-90ac-f12b4440894f",1795865948858,"manual","Nordlicht 5",null,null,null,null,"new","referral",1,[],[],{"1":{"id":11,"uuid":"01a221f3-b2ba-7d93-8a33-05802a964d2b","value":"Text 5"},"3":{"id":12,"uuid":"01a221f3-b2ba-7b19-a424-2b2b0e4a74aa","value":6.25}}]}');
INSERT INTO public.events VALUES (1, 7, 7, 1, 0, 'lead_created', 1795865948871, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b2c4-72aa-8881-4a95baa8a997', 23, '[]', '{"was":{},"is":["01a221f3-b2c7-7f87-84cb-bf5c0dff1117",1795865948871,"manual","Nordlicht 6","ada6@nordlicht.example",null,"Ada","Bërg 6","new","referral",1,[1,3],[2,4],{"1":{"id":13,"uuid":"01a221f3-b2c7-7342-a0cc-f8d784a4682e","value":"Text 6"},"3":{"id":14,"uuid":"01a221f3-b2c7-7bc5-b3a8-375bf7fa47db","value":7.5}}]}');
INSERT INTO public.events VALUES (1, 8, 8, 1, 0, 'lead_created', 1795865948884, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b2d2-743b-a2dc-5f038b768d87', 23, '[]', '{"was":{},"is":["01a221f3-b2d4-7aa1-9bc2-21c2555ed9e1",1795865948884,"manual","Nordlicht 7",null,null,null,null,"new","referral",1,[],[],{"1":{"id":15,"uuid":"01a221f3-b2d4-7171-b5c1-5bedb9e3532d","value":"Text 7"},"3":{"id":16,"uuid":"01a221f3-b2d4-7a3a-b006-20c2e4c6dea1","value":8.75}}]}');
INSERT INTO public.events VALUES (1, 9, 9, 1, 0, 'lead_created', 1795865948893, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b2db-7954-8470-6bcf23281a3f', 23, '[]', '{"was":{},"is":["01a221f3-b2dd-7d5c-bba9-dadf30c1a8a3",1795865948893,"manual","Nordlicht 8","ada8@nordlicht.example",null,"Ada","Bërg 8","new","referral",1,[],[],{"1":{"id":17,"uuid":"01a221f3-b2dd-79e3-99ad-c536dbad79b0","value":"Text 8"},"3":{"id":18,"uuid":"01a221f3-b2dd-74ae-8587-46d0916df565","value":10}}]}');
INSERT INTO public.events VALUES (1, 10, 10, 1, 0, 'lead_created', 1795865948900, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b2e3-7810-a426-a13ae94860dd', 23, '[]', '{"was":{},"is":["01a221f3-b2e4-7693-b9f1-48530256e09e",1795865948900,"manual","Nordlicht 9",null,null,null,null,"new","referral",1,[1,3],[2,4],{"1":{"id":19,"uuid":"01a221f3-b2e4-74dc-827d-6ba1d374b443","value":"Text 9"},"3":{"id":20,"uuid":"01a221f3-b2e4-7503-a3b6-46c588be44e7","value":11.25}}]}');
INSERT INTO public.events VALUES (1, 11, 11, 1, 0, 'lead_created', 1795865948914, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b2ea-72d2-8c70-8ea35127e008', 23, '[]', '{"was":{},"is":["01a221f3-b2f2-7ec3-855f-5b93f8346d02",1795865948914,"manual","Nordlicht 10","ada10@nordlicht.example",null,"Ada","Bërg 10","new","referral",1,[],[],{"1":{"id":21,"uuid":"01a221f3-b2f2-76f0-9b5b-a1bbdbd58da1","value":"Text 10"},"3":{"id":22,"uuid":"01a221f3-b2f2-7b73-b27a-5ef9a8141583","value":12.5}}]}');
INSERT INTO public.events VALUES (1, 12, 12, 1, 0, 'lead_created', 1795865948930, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b2f9-7dbc-8797-d8c3183ab8c6', 23, '[]', '{"was":{},"is":["01a221f3-b302-7d07-8ce7-5ef3b6aaea52",1795865948930,"manual","Nordlicht 11",null,null,null,null,"new","referral",1,[],[],{"1":{"id":23,"uuid":"01a221f3-b302-7e90-8ff5-b2148d0b42b6","value":"Text 11"},"3":{"id":24,"uuid":"01a221f3-b302-7abc-8502-ca988ad49ac2","value":13.75}}]}');
INSERT INTO public.events VALUES (1, 13, 1, 2, 1, 'lead_updated', 1795865948968, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b321-7862-8205-34bd39e92861', 23, '["status","assignedUsers","tags","customFields"]', '{"was":{"status":"new","assigned_users":[2,4],"tags":[1,3],"custom_fields":{"2":null,"4":null,"5":null,"6":null,"7":null}},"is":["01a221f3-b1f8-712d-a850-34df35358237",1795865948664,"manual","Nordlicht 0","ada0@nordlicht.example",null,"Ada","Bërg 0","contacted","referral",1,[2,1],[3],{"1":{"id":1,"uuid":"01a221f3-b1f8-7f84-94b8-96703a071c30","value":"Text 0"},"2":{"id":25,"uuid":"01a221f3-b328-7d65-aaac-dc845d5e11a4","value":"line\nbreak\t👩‍👩‍👧"},"3":{"id":2,"uuid":"01a221f3-b1f8-7586-8b32-01a22b8167ab","value":0},"4":{"id":26,"uuid":"01a221f3-b328-7f02-9219-5c2cc1966933","value":"2028-02-29"},"5":{"id":27,"uuid":"01a221f3-b328-70ed-9219-4a69aee72725","value":false},"6":{"id":28,"uuid":"01a221f3-b328-768d-bc66-a5c7834a38ef","value":3},"7":{"id":29,"uuid":"01a221f3-b328-734e-a1db-e4ff5a0fed9e","value":[3,1]}}]}');
INSERT INTO public.events VALUES (1, 14, 2, 2, 2, 'lead_updated', 1795865949022, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b34f-7739-9557-b5e29b3e855d', 23, '["company_name","phone_number"]', '{"was":{"company_name":"Nordlicht 1","phone_number":null},"is":["01a221f3-b210-78d4-b94b-f5fe08e72a68",1795865948688,"manual",null,null,"+49 30 1234567",null,null,"new","referral",1,[],[],{"1":{"id":3,"uuid":"01a221f3-b210-7f23-82af-3010ccba859f","value":"Text 1"},"3":{"id":4,"uuid":"01a221f3-b210-7dad-be24-93f11903920d","value":1.25}}]}');
INSERT INTO public.events VALUES (1, 15, 2, 3, 14, 'lead_updated', 1795865949039, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b368-76d2-ae91-d5366b41d0a1', 23, '["tags"]', '{"was":{"tags":[]},"is":["01a221f3-b210-78d4-b94b-f5fe08e72a68",1795865948688,"manual",null,null,"+49 30 1234567",null,null,"new","referral",1,[2],[],{"1":{"id":3,"uuid":"01a221f3-b210-7f23-82af-3010ccba859f","value":"Text 1"},"3":{"id":4,"uuid":"01a221f3-b210-7dad-be24-93f11903920d","value":1.25}}]}');
INSERT INTO public.events VALUES (1, 16, 3, 2, 3, 'lead_deleted', 1795865949088, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b38f-766e-a44c-6de23f24c978', 23, '[]', '{"was":{},"is":["01a221f3-b246-7d01-8c0b-7e19f014b925",1795865948742,"manual","Nordlicht 2","ada2@nordlicht.example",null,"Ada","Bërg 2","new","referral",1,[],[],{"1":{"id":5,"uuid":"01a221f3-b246-7fb9-8a2c-31cdd755eda0","value":"Text 2"},"3":{"id":6,"uuid":"01a221f3-b246-7fd1-979c-d2eed95a3427","value":2.5}}]}');
INSERT INTO public.events VALUES (1, 17, 4, 2, 4, 'lead_deleted', 1795865949142, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b3c8-710f-bcb4-bd8490f9b4be', 23, '[]', '{"was":{},"is":["01a221f3-b27a-70c0-8929-a5c5e0267dee",1795865948794,"manual","Nordlicht 3",null,null,null,null,"new","referral",1,[1,3],[2,4],{"1":{"id":7,"uuid":"01a221f3-b27a-7872-bc10-aa4d57216e0b","value":"Text 3"},"3":{"id":8,"uuid":"01a221f3-b27a-73d3-88f3-25ef4638ffa8","value":3.75}}]}');
INSERT INTO public.events VALUES (1, 18, 4, 3, 17, 'lead_updated', 1795865949183, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b3e8-7cc1-9969-1bcb92fb4ec3', 23, '["archived"]', '{"was":{"archived":true},"is":["01a221f3-b27a-70c0-8929-a5c5e0267dee",1795865948794,"manual","Nordlicht 3",null,null,null,null,"new","referral",1,[1,3],[2,4],{"1":{"id":7,"uuid":"01a221f3-b27a-7872-bc10-aa4d57216e0b","value":"Text 3"},"3":{"id":8,"uuid":"01a221f3-b27a-73d3-88f3-25ef4638ffa8","value":3.75}}]}');
INSERT INTO public.events VALUES (1, 19, 5, 2, 5, 'lead_updated', 1795865949198, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b406-7ccd-ad22-54b9c906dc2a', 23, '["status"]', '{"was":{"status":"new"},"is":["01a221f3-b2a3-7151-b485-f951db3c4fab",1795865948835,"manual","Nordlicht 4","ada4@nordlicht.example",null,"Ada","Bërg 4","qualified","reseller",1,[],[],{"1":{"id":9,"uuid":"01a221f3-b2a3-79a4-9cd0-109064014de7","value":"Text 4"},"3":{"id":10,"uuid":"01a221f3-b2a3-7a4e-9c89-5d51aa5503f7","value":5}},"crm-4"]}');
INSERT INTO public.events VALUES (1, 20, 2, 4, 15, 'lead_updated', 1795865949198, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b406-7ccd-ad22-54b9c906dc2a', 23, '["status"]', '{"was":{"status":"new"},"is":["01a221f3-b210-78d4-b94b-f5fe08e72a68",1795865948688,"manual",null,null,"+49 30 1234567",null,null,"lost","referral",1,[2],[],{"1":{"id":3,"uuid":"01a221f3-b210-7f23-82af-3010ccba859f","value":"Text 1"},"3":{"id":4,"uuid":"01a221f3-b210-7dad-be24-93f11903920d","value":1.25}}]}');
INSERT INTO public.events VALUES (1, 21, 13, 1, 0, 'lead_created', 1795865949198, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b406-7ccd-ad22-54b9c906dc2a', 23, '[]', '{"was":{},"is":["01a221f3-b40e-7a53-870e-873d9ef70ca1",1795865949198,"manual","Of a batch",null,null,null,null,"new","referral",1,[],[],{}]}');
INSERT INTO public.events VALUES (1, 22, 1, 3, 13, 'lead_updated', 1795865949793, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b650-72d8-989b-dd9eec666cf9', 34, '["last_name"]', '{"was":{"last_name":"Bërg 0"},"is":["01a221f3-b1f8-712d-a850-34df35358237",1795865948664,"manual","Nordlicht 0","ada0@nordlicht.example",null,"Ada","After all that","contacted","referral",1,[2,1],[3],{"1":{"id":1,"uuid":"01a221f3-b1f8-7f84-94b8-96703a071c30","value":"Text 0"},"2":{"id":25,"uuid":"01a221f3-b328-7d65-aaac-dc845d5e11a4","value":"line\nbreak\t👩‍👩‍👧"},"3":{"id":2,"uuid":"01a221f3-b1f8-7586-8b32-01a22b8167ab","value":0},"4":{"id":26,"uuid":"01a221f3-b328-7f02-9219-5c2cc1966933","value":"2028-02-29"},"5":{"id":27,"uuid":"01a221f3-b328-70ed-9219-4a69aee72725","value":false},"6":{"id":28,"uuid":"01a221f3-b328-768d-bc66-a5c7834a38ef","value":3},"7":{"id":29,"uuid":"01a221f3-b328-734e-a1db-e4ff5a0fed9e","value":[3,1]}}]}');
INSERT INTO public.events VALUES (1, 23, 14, 1, 0, 'lead_created', 1795865949878, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b672-78a2-82e3-0eafc91cc8ce', 34, '[]', '{"was":{},"is":["01a221f3-b6b6-7f93-8e4f-ca0dfcfea056",1795865949878,"manual","Ærø","one@import.example",null,null,null,"new","referral",1,[],[],{},"i-1"]}');
INSERT INTO public.events VALUES (1, 24, 15, 1, 0, 'lead_created', 1795865949878, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b672-78a2-82e3-0eafc91cc8ce', 34, '[]', '{"was":{},"is":["01a221f3-b6b6-788c-995b-4afd309a4827",1795865949878,"manual",null,null,null,null,null,"lost","referral",1,[],[],{},"i-3"]}');
INSERT INTO public.events VALUES (1, 25, 16, 1, 0, 'lead_created', 1795865949973, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b6f7-7ee4-8fc2-b4411a5a3670', 34, '[]', '{"was":{},"is":["01a221f3-b715-7172-a458-9456771da158",1795865949973,"manual","Undone",null,null,null,null,"new","referral",1,[],[],{}]}');
INSERT INTO public.events VALUES (1, 26, 16, 2, 25, 'lead_deleted', 1795865950058, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-b74d-7c11-8955-9cb1f8b32caf', 34, '[]', '{"was":{},"is":["01a221f3-b715-7172-a458-9456771da158",1795865949973,"manual","Undone",null,null,null,null,"new","referral",1,[],[],{}]}');
INSERT INTO public.events VALUES (1, 27, 1, 4, 22, 'lead_updated', 1795865953956, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-c697-7fd0-8d2d-7e911d9ec37a', 34, '["status"]', '{"was":{"status":"contacted"},"is":["01a221f3-b1f8-712d-a850-34df35358237",1795865948664,"manual","Nordlicht 0","ada0@nordlicht.example",null,"Ada","After all that","qualified","referral",1,[2,1],[3],{"1":{"id":1,"uuid":"01a221f3-b1f8-7f84-94b8-96703a071c30","value":"Text 0"},"2":{"id":25,"uuid":"01a221f3-b328-7d65-aaac-dc845d5e11a4","value":"line\nbreak\t👩‍👩‍👧"},"3":{"id":2,"uuid":"01a221f3-b1f8-7586-8b32-01a22b8167ab","value":0},"4":{"id":26,"uuid":"01a221f3-b328-7f02-9219-5c2cc1966933","value":"2028-02-29"},"5":{"id":27,"uuid":"01a221f3-b328-70ed-9219-4a69aee72725","value":false},"6":{"id":28,"uuid":"01a221f3-b328-768d-bc66-a5c7834a38ef","value":3},"7":{"id":29,"uuid":"01a221f3-b328-734e-a1db-e4ff5a0fed9e","value":[3,1]}}]}');
INSERT INTO public.events VALUES (1, 28, 2, 5, 20, 'lead_updated', 1795865954002, '01a221f3-9279-7753-a5c8-880775e2a547', 1, '01a221f3-c6ce-74b8-8408-9961fbbef859', 34, '["last_name"]', '{"was":{"last_name":null},"is":["01a221f3-b210-78d4-b94b-f5fe08e72a68",1795865948688,"manual",null,null,"+49 30 1234567",null,"Only once","lost","referral",1,[2],[],{"1":{"id":3,"uuid":"01a221f3-b210-7f23-82af-3010ccba859f","value":"Text 1"},"3":{"id":4,"uuid":"01a221f3-b210-7dad-be24-93f11903920d","value":1.25}}]}');
INSERT INTO public.id_sources VALUES ('companies', 2);
INSERT INTO public.id_sources VALUES ('integrations', 2);
INSERT INTO public.id_sources VALUES ('webhooks', 4);
INSERT INTO public.id_sources VALUES ('tags', 5);
INSERT INTO public.id_sources VALUES ('custom_fields', 9);
INSERT INTO public.id_sources VALUES ('users', 5);
INSERT INTO public.id_sources VALUES ('tiers', 3);
INSERT INTO public.id_sources VALUES ('categories', 3);
INSERT INTO public.id_sources VALUES ('stages', 3);
INSERT INTO public.id_sources VALUES ('leads', 65);
INSERT INTO public.id_sources VALUES ('api_keys', 6);
INSERT INTO public.id_sources VALUES ('imports', 3);
INSERT INTO public.id_sources VALUES ('saved_views', 3);
INSERT INTO public.id_sources VALUES ('custom_values', 201);
INSERT INTO public.id_sources VALUES ('deliveries', 8193);
INSERT INTO public.idempotency_keys VALUES (1, 'ff53d3ebb339b23ca1a755186018bd77', '698784ac06216f4da207988e7f62ed2dfddc8ee4791dac5e4e1fd550c1859771', 1795865947725, '{"id":1,"uuid":"01a221f3-ae0f-77db-9274-57dce5154f45"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '1e08497d64a0a0917d1f53f6cd83ef2c', 'f33c804951e03d3158a87f729aaa2c9a44d503ea9a219a0c838d8e44e0229c7f', 1795865947852, '{"id":1,"uuid":"01a221f3-9279-771c-8f0d-64615189f144","name":"Ærø & Söhne 東京","created_at":"2026-11-28T11:39:00.601Z"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '035a3c7ba9f88668f6e06bc5ba175100', '494272f5bde081812ba1e20cf7db615cae7f88cd755a0d88bc83914df1cb75b3', 1795865947882, '{"id":1,"uuid":"01a221f3-aeea-7805-9c43-5b5170fc52a7"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '4b7166af529574a2c70f3ea78b6c32f5', '4781b0a69dfc62b32c4b3837cd8e4d96415b241dd212c4c2f2abe2d7af914483', 1795865947952, '{"id":2,"uuid":"01a221f3-af30-7b00-9c0c-f4f21e7079ac"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'b697e267222c8791a3a731235332abeb', '904070ef7f4ab9b13f1c58386dae4617ff2eaaf256b28a04510fae25bb3b46a5', 1795865948050, '{"id":3,"uuid":"01a221f3-af92-7e78-895f-2592808f12f6"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'b9b133d208014ca2c7671dadc64dae25', '44ed8deff8c15a46f7e32ed3317d082616ce02e3db90d2871dde01942df7294c', 1795865948113, '{"id":4,"uuid":"01a221f3-afd1-7950-9818-8e23f71bb3b7"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'fca8ff42f691f3a9ce5099d47ccae61b', 'eb430cba565a7da31fb09946dd91454aa8509f9ff2bc2ef9ee57ce3e6fc35367', 1795865948190, '{"id":1,"uuid":"01a221f3-b01e-72f0-9e40-1f9c1b438984"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'bf7259cdf96977e07a6a530e50acc292', '17d67526051e2398b712415d3d5db7ecb3efee6b4dfd4dbe3ca26a22f4306378', 1795865948265, '{"id":2,"uuid":"01a221f3-b069-7944-8a78-da81d57a6d96"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'bcd20483e584f292f1f56f7c7224ac08', '1b543dac01b277ee5b2e8994585a66c705d725946ca4da64083bc0accf4dd4a3', 1795865948301, '{"id":3,"uuid":"01a221f3-b08d-72d0-bb19-6d5ceb7b7afc"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '9051fb7c9be5f2d89c52f373431aa82b', 'b01b5c142459bc4caf1249a51bc1c3eebad2c923f25b7006b70eafc37f6f53c7', 1795865948324, '{"id":4,"uuid":"01a221f3-b0a4-7b5f-a005-f0f578f3bd97"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '62c0821a0a6cb9fbfa517ba4bc1d5e21', '197bca7b653c6963fdfb7032c7015b051e14ed01139d9bdc7af4db77893123bc', 1795865948347, '{"id":5,"uuid":"01a221f3-b0bb-773e-8d2e-d9e7b6ea980a"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'f5bfec331f35ecaa414e44eb26caf3c8', '7047518fb8cde6257538b9f07f6814e69ad5e2f67341ab86e708d1eb41d6c057', 1795865948357, '{"id":6,"uuid":"01a221f3-b0c5-7fbe-8865-421e5aa483bb"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '1c492451a93d9a6a7d62d4793eb72a9e', '87015d9fc75bddb2138e788bd7b229d03acc52fff55c38e226645a2622f52c1d', 1795865948382, '{"id":7,"uuid":"01a221f3-b0de-7407-a688-855ce271b249"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '94004b55bf9e96c9aaa1767c16515d38', '1830b4ebc973db7ffbc7c34281a9cbc090e438ea53954344c14dfc6fcf44ee19', 1795865948409, '{"id":8,"uuid":"01a221f3-b0f9-75a9-840a-dd5bf9d6234b"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '2340ca77d3687782ea32ad3ee43145af', '618f67b01c79b8247866b79da21a609002bf06ddfb22ee1205c07d515f221fb2', 1795865948451, '{"id":2,"uuid":"01a221f3-b123-7121-8bf9-b96afeb70d11"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '4cb23b959225a6a4308d70e94345da42', '87d4ad3dd825161126576faa9ecb2e9bfbba1ca67e7d19af67c199f930b0d5fc', 1795865948471, '{"id":3,"uuid":"01a221f3-b137-7404-9140-566c83705672"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '50c014785839fba3140d26fe1f5c555c', '7dadb3c2ca30ff708f3fc5a5f2de884966ab459717e9b7ef0537ed42e9953e29', 1795865948492, '{"id":4,"uuid":"01a221f3-b14c-7846-8974-a6dd9d9d72d3"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '35a73c71d7526af878946d22c683acc7', '0d425c25accee5c72ef97914b697e3bf6ea3872f47d7dca3e7ed741747474d2e', 1795865948508, '{"id":1,"uuid":"01a221f3-b15c-7242-8d5a-a7ced964d806"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '33c7ed2f9ecd003a3ffd4f899c2bf347', '176f99ce0cbbd82cf9ad0b883021278d76b39ad4bc919fc020b507aff16f583b', 1795865948521, '{"id":1,"uuid":"01a221f3-b169-736e-90b5-51debc7625aa"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'ea078c472a9b9b7a317e78b70347cb4a', '0d304bfa7232baf6f7e28d472eeab063ad4086af17e6f6a3f3f9915ff0b9330f', 1795865948542, '{"id":2,"uuid":"01a221f3-b17e-72a1-bb18-21fb91319d6b"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'f1583f76089ff1c7f3a8299513eb3155', '4c8c5d215d8ec1488d8205e39c2c20da188ba0f07a3da8b1627c8c7f67297579', 1795865948554, '{"id":2,"uuid":"01a221f3-b18a-74f3-94c8-bff8f6df1f77"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'fd49f71f7f762ae3b1478c6405fd99a3', '1bcfc855a5c906ff0cebc5f3bfc1d2f883eb43710d2fec1507a72d5e554a56f6', 1795865948570, '{"id":1,"uuid":"01a221f3-b19a-763d-8138-71548c9b7eff"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '0b36c783a48e058305c94f5442c2a7db', 'f8e3e3bc9e39e0a1237294870a3da0fff14b3f883283cf21c1092ff86c25f292', 1795865948611, '{"id":2,"uuid":"01a221f3-b1c3-72b9-a490-4e2df9d14440"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'a4b056f4fb41f39f4d4d13b3de5052ae', '0af324a1cb90073a5bdf92be8fd6e66b554578adafe24d06caba2d05da556daa', 1795865948664, '{"id":1,"uuid":"01a221f3-b1f8-712d-a850-34df35358237","version":1}', 1);
INSERT INTO public.idempotency_keys VALUES (1, 'b4a5659e382e4265c193842034ec6f3d', '143169a79263cbc112a490fdabfa1439950dcb225fe95e75fd40dc268729d07b', 1795865948688, '{"id":2,"uuid":"01a221f3-b210-78d4-b94b-f5fe08e72a68","version":1}', 2);
INSERT INTO public.idempotency_keys VALUES (1, '85560d0b2117d29305f59494c18fe999', '43c0310fab769cef9f89ad214635594286e9cd0247e3323b63fa6ef73cdcdde7', 1795865948742, '{"id":3,"uuid":"01a221f3-b246-7d01-8c0b-7e19f014b925","version":1}', 3);
INSERT INTO public.idempotency_keys VALUES (1, '2c34a03571f9d91841de5f74b2b7d02b', '8278e45720e6daa0269fee2c1fd3f828bdcbaee4d2effe8b9554bfd724d43f5c', 1795865948794, '{"id":4,"uuid":"01a221f3-b27a-70c0-8929-a5c5e0267dee","version":1}', 4);
INSERT INTO public.idempotency_keys VALUES (1, 'b97a35058264ed367aa2c4c5e7489ecf', '74b14291e5875b26920e116ba53226e406543cb92b13bf748e712d4dfe9aba38', 1795865948835, '{"id":5,"uuid":"01a221f3-b2a3-7151-b485-f951db3c4fab","version":1}', 5);
INSERT INTO public.idempotency_keys VALUES (1, 'c5e6bdaca674a0bf836005860475ebf3', 'b8de8bb69d8f7f1b350cc7df62e1d5c8482e6bb26f8db4072aee59e37c7714ff', 1795865948858, '{"id":6,"uuid":"01a221f3-b2ba-7df1-90ac-f12b4440894f","version":1}', 6);
INSERT INTO public.idempotency_keys VALUES (1, 'e5d24b5afd91fb22ad1321bd2b43dc27', 'd64414497a274c5ad9bf40c6d6a3b44cc4788ea566abf53b58cd6a72fc2981a4', 1795865948871, '{"id":7,"uuid":"01a221f3-b2c7-7f87-84cb-bf5c0dff1117","version":1}', 7);
INSERT INTO public.idempotency_keys VALUES (1, 'bef73706359877453e1ea01f275620a3', '3e41b4672c8e967bcc20aa2cba1b07725a78f9368806f12276b72371d80ebf8e', 1795865948884, '{"id":8,"uuid":"01a221f3-b2d4-7aa1-9bc2-21c2555ed9e1","version":1}', 8);
INSERT INTO public.idempotency_keys VALUES (1, '562e5dd01a5061539f9d3c30e9df0bc0', 'ef2adef59d6de3847c04861a526318f6651418a17af243c63658e678ee44a277', 1795865948893, '{"id":9,"uuid":"01a221f3-b2dd-7d5c-bba9-dadf30c1a8a3","version":1}', 9);
INSERT INTO public.idempotency_keys VALUES (1, '84b9d1d763279b29687e6bc23090c05b', 'a638fca26401bb31bcd39557e1a1f34da3a6455d12ef12e1550e274c9e0ad304', 1795865948900, '{"id":10,"uuid":"01a221f3-b2e4-7693-b9f1-48530256e09e","version":1}', 10);
INSERT INTO public.idempotency_keys VALUES (1, '579443bada2221187d3c02449254a701', '4339ca6fd4006ced4ed0c4dd0b1faefe5a717cd6ff08dd7d4fd6d8ddbc561327', 1795865948914, '{"id":11,"uuid":"01a221f3-b2f2-7ec3-855f-5b93f8346d02","version":1}', 11);
INSERT INTO public.idempotency_keys VALUES (1, '23551a090db0b22fdd838e7e5d9b14bb', 'fe01fcce39d9e564db3942072505a442048779cdec98a9d330296724427d1375', 1795865948930, '{"id":12,"uuid":"01a221f3-b302-7d07-8ce7-5ef3b6aaea52","version":1}', 12);
INSERT INTO public.idempotency_keys VALUES (1, '3e0ee19639850af3e5dcb8d3e25932a7', 'a80de491b1c0625a9b50d3bf24748288d22985758b89daac5cd1ba9464e9e686', 1795865948968, '{"receipt":{"id":1,"uuid":"01a221f3-b1f8-712d-a850-34df35358237","updated_at":"2026-11-28T11:39:08.968Z"},"whole":null,"version":2}', 13);
INSERT INTO public.idempotency_keys VALUES (1, '99fe684ef1e73e8c37b4b46646981588', '49614edaf308eceeab6c442d29f1b5a0e0a8c69d1bf00b555721f49231c3d0eb', 1795865949022, '{"receipt":{"id":2,"uuid":"01a221f3-b210-78d4-b94b-f5fe08e72a68","updated_at":"2026-11-28T11:39:09.022Z"},"whole":null,"version":2}', 14);
INSERT INTO public.idempotency_keys VALUES (1, '6ee40a52aa30c687e02825b847a47feb', 'bf4f92c5cf3c91b9604e5a3c3f1c9a246c80c43270d2b81307c74f0267f158d7', 1795865949039, '{"receipt":{"id":2,"uuid":"01a221f3-b210-78d4-b94b-f5fe08e72a68","updated_at":"2026-11-28T11:39:09.039Z"},"whole":null,"version":3}', 15);
INSERT INTO public.idempotency_keys VALUES (1, 'cc0855b690876c7e7dc7c15cd8143fe1', '61a94b3608e8832cdf9672eeb0a7948ff0f5f2f84fd5e7fda18b11d32ec8bb16', 1795865949088, '{"version":2}', 16);
INSERT INTO public.idempotency_keys VALUES (1, 'e0371d3b32b1c3df848425164b8a3775', 'cf6e1ff82c114ab958b09a8497cf4ab5b822126679b3d0dea386a5776ee37f10', 1795865949142, '{"version":2}', 17);
INSERT INTO public.idempotency_keys VALUES (1, '1b47a9457bb67a02f0361647aafccb62', '02f26d3dbf0c2c29ec41b4d365073d39991feb21f41f8141918db760852f62d7', 1795865949183, '{"version":3,"whole":{"id":4,"uuid":"01a221f3-b27a-70c0-8929-a5c5e0267dee","created_at":"2026-11-28T11:39:08.794Z","updated_at":"2026-11-28T11:39:09.183Z","source":"manual","company_name":"Nordlicht 3","email":null,"phone_number":null,"first_name":null,"last_name":null,"status":"new","partner_type":"referral","company_id":1,"created_by_user_id":1,"campaign_id":null,"campaign_title":null,"external_id":null,"tags":[{"id":1,"label":"Hot","background_color":"#EF4444","text_color":"#FFFFFF"},{"id":3,"label":"Of the fair","background_color":"#EF4444","text_color":"#FFFFFF"}],"assigned_users":[{"id":2,"email":"jan@our.example","first_name":"jan","last_name":null,"color":"#3B82F6","profile_image_id":null,"profile_image_uuid":null},{"id":4,"email":"gone@our.example","first_name":"gone","last_name":null,"color":"#3B82F6","profile_image_id":null,"profile_image_uuid":null}],"partnership_leads":[],"campaign_partners":[],"lead_deals":[],"custom_fields":[{"id":1,"label":"A text","type":"text","value":{"text":"Text 3"},"custom_field_value_id":7},{"id":3,"label":"A number","type":"number","value":{"number":3.75},"custom_field_value_id":8}]}}', 18);
INSERT INTO public.idempotency_keys VALUES (1, 'ea89af15a2d791687dfb343e7f0410b3', 'bad5614b244a3ce530dba9886643ccb7edf8554d206194509e0454ab622279c3', 1795865949198, '[{"index":0,"status":200,"id":5,"uuid":"01a221f3-b2a3-7151-b485-f951db3c4fab","updated_at":"2026-11-28T11:39:09.198Z","version":2,"sequence":19},{"index":1,"status":200,"id":2,"uuid":"01a221f3-b210-78d4-b94b-f5fe08e72a68","updated_at":"2026-11-28T11:39:09.198Z","version":4,"sequence":20},{"index":2,"status":201,"id":13,"uuid":"01a221f3-b40e-7a53-870e-873d9ef70ca1","updated_at":"2026-11-28T11:39:09.198Z","version":1,"sequence":21}]', 19);
INSERT INTO public.idempotency_keys VALUES (1, 'c8ed5df69a9d1d6c4180249b44e5ae9d', 'd03c29b12a7b87f9fc1b468ed143eb5f2783fc7c7091e7fdd9060c007266504c', 1795865949402, '{"id":1,"uuid":"01a221f3-aeea-7805-9c43-5b5170fc52a7","label":"Very hot","background_color":"#F59E0B","text_color":"#FFFFFF","association":"lead","partner_type":null,"company_id":1,"archived_at":null}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '17ad3e69c772b40f82d080dc74d0574f', 'cee0c7337c89bfb7f065a1f36970d1d9bcad24be7d50394f0bd193b14cf5f29f', 1795865949433, '{"id":3,"uuid":"01a221f3-af92-7e78-895f-2592808f12f6","label":"Of the fair","background_color":"#EF4444","text_color":"#FFFFFF","association":"lead","partner_type":null,"company_id":1,"archived_at":"2026-11-28T11:39:09.433Z"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'a5e967f8bd2e0c5f67318366f05985bb', 'f5b2a914470d809854f068d98cc0a8bce77c3bce9d1ee839653273ec9bcd367c', 1795865949474, '{"id":1,"uuid":"01a221f3-b01e-72f0-9e40-1f9c1b438984","label":"A renamed text","type":"text","category":"lead","partner_type":null,"required":false,"shared":false,"position":9,"options":null,"archived_at":null}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'ea585bf8d2e7a3b8c8572feef48b5b9e', 'd2ad0de1d1e1565b1a3d75303ede9524f8c41fe8cca8b0b82a7596fae3c7c2bb', 1795865949508, '{"id":3,"uuid":"01a221f3-b08d-72d0-bb19-6d5ceb7b7afc","label":"A number","type":"number","category":"lead","partner_type":null,"required":false,"shared":false,"position":0,"options":null,"archived_at":"2026-11-28T11:39:09.508Z"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '9c97612c4b689a774c82161c5febf7db', '592eff86712508809cbfc4a8734146e6a8c33fe87f8ef0956c77440bfe63bcbf', 1795865949573, '{"id":6,"uuid":"01a221f3-b0c5-7fbe-8865-421e5aa483bb","label":"A select","type":"select","category":"lead","partner_type":null,"required":false,"shared":false,"position":0,"options":[{"id":1,"label":"High"},{"id":2,"label":"Low"}],"archived_at":null}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '3671f23e2bc2045bfc7ead02d5c6ad41', '18f3d37a10b82b99341ec9d6835b492aeaeb6560d3ed53dd6537e75aab90fd8b', 1795865949616, '{"id":6,"uuid":"01a221f3-b0c5-7fbe-8865-421e5aa483bb","label":"A select","type":"select","category":"lead","partner_type":null,"required":false,"shared":false,"position":0,"options":[{"id":1,"label":"Highest"},{"id":2,"label":"Low"}],"archived_at":null}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '68996e3c7b0acf1f86abae3c7ae2c6d1', 'd3deec882d53483087e2b10a21757c21fe99dd669508280511087036750991bf', 1795865949646, '{"id":4,"uuid":"01a221f3-b14c-7846-8974-a6dd9d9d72d3","created_at":"2026-11-28T11:39:08.492Z","email":"gone@our.example","first_name":"gone","last_name":null,"role":"partner","position":null,"email_verified":null,"disabled_at":"2026-11-28T11:39:09.646Z","color":"#3B82F6","profile_image_id":null,"profile_image_uuid":null,"country_id":null,"country_label":null,"country_code":null}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '697fc31599c0f7cba289a5883049c6b7', '659cb7023c60480e7b94487300fab19a3ca4db34e28e16221f326136f2f0cd51', 1795865949666, '{"id":2,"uuid":"01a221f3-b123-7121-8bf9-b96afeb70d11","created_at":"2026-11-28T11:39:08.451Z","email":"jan@our.example","first_name":"Jan-Ole","last_name":null,"role":"partnerships","position":null,"email_verified":null,"disabled_at":null,"color":"#3B82F6","profile_image_id":null,"profile_image_uuid":null,"country_id":null,"country_label":null,"country_code":null}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '3a3b7f27ce22336787a8c5afee3b9bc5', '4937757ae82251fc18b831b7ca777d035e64707d274f79a905e24485326540ad', 1795865949713, '{"id":1,"uuid":"01a221f3-b15c-7242-8d5a-a7ced964d806","label":"Gold","background_color":"#6B7280","text_color":"#FFFFFF","partner_type":null,"company_id":1,"archived_at":"2026-11-28T11:39:09.713Z"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '667263f08aede2fb1a628e149daf8a30', 'f1f1fa5cf9f58f8a0d4137412a6b208b266525999bf8a4e4d18f51b89b38a998', 1795865949762, '{"id":1,"uuid":"01a221f3-b169-736e-90b5-51debc7625aa","label":"Gold partners","partner_type":null,"company_id":1,"created_at":"2026-11-28T11:39:08.521Z","updated_at":"2026-11-28T11:39:09.762Z","archived_at":"2026-11-28T11:39:09.762Z"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '7e43dc0c66ad61b457fc1ae7d6166579', 'd4bb5fa3e9b136e53122d6328832acc2c98fdef8513540e9dc4d7dddd1a0d28b', 1795865949793, '{"receipt":{"id":1,"uuid":"01a221f3-b1f8-712d-a850-34df35358237","updated_at":"2026-11-28T11:39:09.793Z"},"whole":null,"version":3}', 22);
INSERT INTO public.idempotency_keys VALUES (1, 'import/01a221f3-b685-7e33-9950-89a8195365d2/0', '01a221f3-b685-7e33-9950-89a8195365d2', 1795865949878, '[{"index":0,"status":201,"id":14,"uuid":"01a221f3-b6b6-7f93-8e4f-ca0dfcfea056","updated_at":"2026-11-28T11:39:09.878Z","version":1,"sequence":23},{"index":1,"status":400,"error":"Invalid email","details":[{"path":"/lead/email","message":"Invalid email (expected exactly one @ with text on both sides, no white space)"}]},{"index":2,"status":201,"id":15,"uuid":"01a221f3-b6b6-788c-995b-4afd309a4827","updated_at":"2026-11-28T11:39:09.878Z","version":1,"sequence":24}]', 23);
INSERT INTO public.idempotency_keys VALUES (1, 'import/01a221f3-b706-75c6-abc4-300975216cf1/0', '01a221f3-b706-75c6-abc4-300975216cf1', 1795865949973, '[{"index":0,"status":201,"id":16,"uuid":"01a221f3-b715-7172-a458-9456771da158","updated_at":"2026-11-28T11:39:09.973Z","version":1,"sequence":25}]', 25);
INSERT INTO public.idempotency_keys VALUES (1, '30be83b2b92a8cdac427d573309d4aa9', 'c9c7f5d49bb7233f92cd5eb4743b3a5b00adb9cfd32b1b812c559bf9d161ec33', 1795865950093, '{"id":1,"uuid":"01a221f3-b78d-7397-a12b-4b750d2c78de","user_uuid":"01a221f3-9279-7753-a5c8-880775e2a547","name":"New ones","shared":false,"layout":"table","query":{"status":["new"],"search":"Ærø"},"columns":["company_name","status"],"position":0,"created_at":"2026-11-28T11:39:10.093Z","updated_at":"2026-11-28T11:39:10.093Z"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '19eede0b0625a78642420af7b3bfc478', 'be6b91e4dad91b5921d5e6b32b3ac590df45cc8b6f6b009362dcf76031fe0ac1', 1795865950130, '{"id":2,"uuid":"01a221f3-b7b2-792d-98b9-76dc110b1186","user_uuid":"01a221f3-9279-7753-a5c8-880775e2a547","name":"Board","shared":true,"layout":"board","query":{},"columns":[],"position":1,"created_at":"2026-11-28T11:39:10.130Z","updated_at":"2026-11-28T11:39:10.130Z"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '40be4977b79060809ad70d7179225e2c', '938421c44681b9d32e33f10662d7bd5c5e415cff2d818e1a2c7d2f92b07395ef', 1795865953913, '{"receipt":{"id":1,"uuid":"01a221f3-b1f8-712d-a850-34df35358237","updated_at":"2026-11-28T11:39:09.793Z"},"whole":null,"version":3}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'bb66a17ff5dcc98c527e8e8146242ded', 'eb2c40f541958a631718df9d408c3a3f3c299dac724b12e93f7e56c04909aac1', 1795865953956, '{"receipt":{"id":1,"uuid":"01a221f3-b1f8-712d-a850-34df35358237","updated_at":"2026-11-28T11:39:13.956Z"},"whole":null,"version":4}', 27);
INSERT INTO public.idempotency_keys VALUES (1, 'once-1', 'e1306f17d6445cb127e8931c05d2050a440e63d44d9c8c9b157a38f5795094f5', 1795865954002, '{"receipt":{"id":2,"uuid":"01a221f3-b210-78d4-b94b-f5fe08e72a68","updated_at":"2026-11-28T11:39:14.002Z"},"whole":null,"version":5}', 28);
INSERT INTO public.import_rows VALUES (1, 1, 1, 'created', 14, 23, NULL);
INSERT INTO public.import_rows VALUES (1, 1, 2, 'failed', NULL, NULL, 'Invalid email (expected exactly one @ with text on both sides, no white space)');
INSERT INTO public.import_rows VALUES (1, 1, 3, 'created', 15, 24, NULL);
INSERT INTO public.import_rows VALUES (1, 2, 1, 'undone', 16, 25, NULL);
INSERT INTO public.imports VALUES (1, 1, '01a221f3-b685-7e33-9950-89a8195365d2', 1795865949829, 1795865949895, 1795865949895, '01a221f3-9279-7753-a5c8-880775e2a547', 'Größe.csv', '{"format":"csv","by":null,"mode":"create","blank":"keep","passedOver":[]}', false, 'done', NULL, 3, 2, 0, 0, 1, 0);
INSERT INTO public.imports VALUES (1, 2, '01a221f3-b706-75c6-abc4-300975216cf1', 1795865949958, 1795865950069, 1795865949996, '01a221f3-9279-7753-a5c8-880775e2a547', 'undone.csv', '{"format":"csv","by":null,"mode":"create","blank":"keep","passedOver":[]}', false, 'undone', NULL, 1, 1, 0, 0, 0, 1);
INSERT INTO public.integrations VALUES (1, 1, '01a221f3-ae0f-77db-9274-57dce5154f45', 1795865947725, 'CRM of the north', '[{"id":"lead_integration_settings","selected":[{"id":"unique_field_lead","value":"email"}]}]', '\x01e51f2729bb432bbb429f16d7b464c6a50ef0f06c02b102a5506d100d193acf7dc59183419c2c0f0def', '\x01755d1596ce5c201ed67f99b951aeb745a5983be9384ec0b0da4ac8112f82c98eaab15b4fd3d1f8468a927a67a22dcd57c3b09d82bb4616a87426c51c6dc76b749bea11cab41efba61bcadef80efa1e3265de72e1');
INSERT INTO public.lead_details VALUES (1, 5, '{"powerups":{"a":["Ærø"]}}');
INSERT INTO public.leads VALUES (1, 6, '01a221f3-b2ba-7df1-90ac-f12b4440894f', 1795865948858, 1795865948858, 1, 6, 'manual', 'Nordlicht 5', NULL, NULL, NULL, NULL, 'new', 'referral', 1, NULL, NULL, '[]', '[]', '{"1": {"id": 11, "uuid": "01a221f3-b2ba-7d93-8a33-05802a964d2b", "value": "Text 5"}, "3": {"id": 12, "uuid": "01a221f3-b2ba-7b19-a424-2b2b0e4a74aa", "value": 6.25}}', NULL);
INSERT INTO public.leads VALUES (1, 7, '01a221f3-b2c7-7f87-84cb-bf5c0dff1117', 1795865948871, 1795865948871, 1, 7, 'manual', 'Nordlicht 6', 'ada6@nordlicht.example', NULL, 'Ada', 'Bërg 6', 'new', 'referral', 1, NULL, NULL, '[1, 3]', '[2, 4]', '{"1": {"id": 13, "uuid": "01a221f3-b2c7-7342-a0cc-f8d784a4682e", "value": "Text 6"}, "3": {"id": 14, "uuid": "01a221f3-b2c7-7bc5-b3a8-375bf7fa47db", "value": 7.5}}', NULL);
INSERT INTO public.leads VALUES (1, 8, '01a221f3-b2d4-7aa1-9bc2-21c2555ed9e1', 1795865948884, 1795865948884, 1, 8, 'manual', 'Nordlicht 7', NULL, NULL, NULL, NULL, 'new', 'referral', 1, NULL, NULL, '[]', '[]', '{"1": {"id": 15, "uuid": "01a221f3-b2d4-7171-b5c1-5bedb9e3532d", "value": "Text 7"}, "3": {"id": 16, "uuid": "01a221f3-b2d4-7a3a-b006-20c2e4c6dea1", "value": 8.75}}', NULL);
INSERT INTO public.leads VALUES (1, 9, '01a221f3-b2dd-7d5c-bba9-dadf30c1a8a3', 1795865948893, 1795865948893, 1, 9, 'manual', 'Nordlicht 8', 'ada8@nordlicht.example', NULL, 'Ada', 'Bërg 8', 'new', 'referral', 1, NULL, NULL, '[]', '[]', '{"1": {"id": 17, "uuid": "01a221f3-b2dd-79e3-99ad-c536dbad79b0", "value": "Text 8"}, "3": {"id": 18, "uuid": "01a221f3-b2dd-74ae-8587-46d0916df565", "value": 10}}', NULL);
INSERT INTO public.leads VALUES (1, 10, '01a221f3-b2e4-7693-b9f1-48530256e09e', 1795865948900, 1795865948900, 1, 10, 'manual', 'Nordlicht 9', NULL, NULL, NULL, NULL, 'new', 'referral', 1, NULL, NULL, '[1, 3]', '[2, 4]', '{"1": {"id": 19, "uuid": "01a221f3-b2e4-74dc-827d-6ba1d374b443", "value": "Text 9"}, "3": {"id": 20, "uuid": "01a221f3-b2e4-7503-a3b6-46c588be44e7", "value": 11.25}}', NULL);
INSERT INTO public.leads VALUES (1, 11, '01a221f3-b2f2-7ec3-855f-5b93f8346d02', 1795865948914, 1795865948914, 1, 11, 'manual', 'Nordlicht 10', 'ada10@nordlicht.example', NULL, 'Ada', 'Bërg 10', 'new', 'referral', 1, NULL, NULL, '[]', '[]', '{"1": {"id": 21, "uuid": "01a221f3-b2f2-76f0-9b5b-a1bbdbd58da1", "value": "Text 10"}, "3": {"id": 22, "uuid": "01a221f3-b2f2-7b73-b27a-5ef9a8141583", "value": 12.5}}', NULL);
INSERT INTO public.leads VALUES (1, 12, '01a221f3-b302-7d07-8ce7-5ef3b6aaea52', 1795865948930, 1795865948930, 1, 12, 'manual', 'Nordlicht 11', NULL, NULL, NULL, NULL, 'new', 'referral', 1, NULL, NULL, '[]', '[]', '{"1": {"id": 23, "uuid": "01a221f3-b302-7e90-8ff5-b2148d0b42b6", "value": "Text 11"}, "3": {"id": 24, "uuid": "01a221f3-b302-7abc-8502-ca988ad49ac2", "value": 13.75}}', NULL);
INSERT INTO public.leads VALUES (1, 14, '01a221f3-b6b6-7f93-8e4f-ca0dfcfea056', 1795865949878, 1795865949878, 1, 23, 'manual', 'Ærø', 'one@import.example', NULL, NULL, NULL, 'new', 'referral', 1, NULL, NULL, '[]', '[]', '{}', 'i-1');
INSERT INTO public.leads VALUES (1, 3, '01a221f3-b246-7d01-8c0b-7e19f014b925', 1795865948742, 1795865949088, 2, 16, 'manual', 'Nordlicht 2', 'ada2@nordlicht.example', NULL, 'Ada', 'Bërg 2', 'new', 'referral', 1, NULL, 1795865949088, '[]', '[]', '{"1": {"id": 5, "uuid": "01a221f3-b246-7fb9-8a2c-31cdd755eda0", "value": "Text 2"}, "3": {"id": 6, "uuid": "01a221f3-b246-7fd1-979c-d2eed95a3427", "value": 2.5}}', NULL);
INSERT INTO public.leads VALUES (1, 15, '01a221f3-b6b6-788c-995b-4afd309a4827', 1795865949878, 1795865949878, 1, 24, 'manual', NULL, NULL, NULL, NULL, NULL, 'lost', 'referral', 1, NULL, NULL, '[]', '[]', '{}', 'i-3');
INSERT INTO public.leads VALUES (1, 4, '01a221f3-b27a-70c0-8929-a5c5e0267dee', 1795865948794, 1795865949183, 3, 18, 'manual', 'Nordlicht 3', NULL, NULL, NULL, NULL, 'new', 'referral', 1, NULL, NULL, '[1, 3]', '[2, 4]', '{"1": {"id": 7, "uuid": "01a221f3-b27a-7872-bc10-aa4d57216e0b", "value": "Text 3"}, "3": {"id": 8, "uuid": "01a221f3-b27a-73d3-88f3-25ef4638ffa8", "value": 3.75}}', NULL);
INSERT INTO public.leads VALUES (1, 5, '01a221f3-b2a3-7151-b485-f951db3c4fab', 1795865948835, 1795865949198, 2, 19, 'manual', 'Nordlicht 4', 'ada4@nordlicht.example', NULL, 'Ada', 'Bërg 4', 'qualified', 'reseller', 1, NULL, NULL, '[]', '[]', '{"1": {"id": 9, "uuid": "01a221f3-b2a3-79a4-9cd0-109064014de7", "value": "Text 4"}, "3": {"id": 10, "uuid": "01a221f3-b2a3-7a4e-9c89-5d51aa5503f7", "value": 5}}', 'crm-4');
INSERT INTO public.leads VALUES (1, 13, '01a221f3-b40e-7a53-870e-873d9ef70ca1', 1795865949198, 1795865949198, 1, 21, 'manual', 'Of a batch', NULL, NULL, NULL, NULL, 'new', 'referral', 1, NULL, NULL, '[]', '[]', '{}', NULL);
INSERT INTO public.leads VALUES (1, 2, '01a221f3-b210-78d4-b94b-f5fe08e72a68', 1795865948688, 1795865954002, 5, 28, 'manual', NULL, NULL, '+49 30 1234567', NULL, 'Only once', 'lost', 'referral', 1, NULL, NULL, '[2]', '[]', '{"1": {"id": 3, "uuid": "01a221f3-b210-7f23-82af-3010ccba859f", "value": "Text 1"}, "3": {"id": 4, "uuid": "01a221f3-b210-7dad-be24-93f11903920d", "value": 1.25}}', NULL);
INSERT INTO public.leads VALUES (1, 16, '01a221f3-b715-7172-a458-9456771da158', 1795865949973, 1795865950058, 2, 26, 'manual', 'Undone', NULL, NULL, NULL, NULL, 'new', 'referral', 1, NULL, 1795865950058, '[]', '[]', '{}', NULL);
INSERT INTO public.leads VALUES (1, 1, '01a221f3-b1f8-712d-a850-34df35358237', 1795865948664, 1795865953956, 4, 27, 'manual', 'Nordlicht 0', 'ada0@nordlicht.example', NULL, 'Ada', 'After all that', 'qualified', 'referral', 1, NULL, NULL, '[2, 1]', '[3]', '{"1": {"id": 1, "uuid": "01a221f3-b1f8-7f84-94b8-96703a071c30", "value": "Text 0"}, "2": {"id": 25, "uuid": "01a221f3-b328-7d65-aaac-dc845d5e11a4", "value": "line\nbreak\t👩‍👩‍👧"}, "3": {"id": 2, "uuid": "01a221f3-b1f8-7586-8b32-01a22b8167ab", "value": 0}, "4": {"id": 26, "uuid": "01a221f3-b328-7f02-9219-5c2cc1966933", "value": "2028-02-29"}, "5": {"id": 27, "uuid": "01a221f3-b328-70ed-9219-4a69aee72725", "value": false}, "6": {"id": 28, "uuid": "01a221f3-b328-768d-bc66-a5c7834a38ef", "value": 3}, "7": {"id": 29, "uuid": "01a221f3-b328-734e-a1db-e4ff5a0fed9e", "value": [3, 1]}}', NULL);
INSERT INTO public.meta VALUES ('vault_probe', 'ATZB3XzM7mH8m0MgDhqOrMh9SUx+MxixOfrmiFhSzjrV6qI=');
INSERT INTO public.migrations VALUES (1, 'companies, users, keys, definitions and their older rows, leads, events', '2026-11-28 11:38:59.914981+00');
INSERT INTO public.migrations VALUES (2, 'integrations, webhooks, deliveries', '2026-11-28 11:39:00.076818+00');
INSERT INTO public.migrations VALUES (3, 'processes share the endpoints', '2026-11-28 11:39:00.158467+00');
INSERT INTO public.migrations VALUES (4, 'leads keep what was sent along', '2026-11-28 11:39:00.279659+00');
INSERT INTO public.migrations VALUES (5, 'leads have external ids, and are found by e-mail', '2026-11-28 11:39:00.406812+00');
INSERT INTO public.migrations VALUES (6, 'imports and their rows', '2026-11-28 11:39:00.425723+00');
INSERT INTO public.migrations VALUES (7, 'tiers, categories, stages; numbers of options are given once', '2026-11-28 11:39:00.449221+00');
INSERT INTO public.migrations VALUES (8, 'saved views of the list of leads', '2026-11-28 11:39:00.490415+00');
INSERT INTO public.migrations VALUES (9, 'the order of custom fields', '2026-11-28 11:39:00.500306+00');
INSERT INTO public.older_definitions VALUES (1, 24, 0, 'tags', '{"company_id":1,"id":1,"uuid":"01a221f3-aeea-7805-9c43-5b5170fc52a7","created_at":1795865947882,"label":"Hot","background_color":"#EF4444","text_color":"#FFFFFF","association":"lead","partner_type":null,"archived_at":null}');
INSERT INTO public.older_definitions VALUES (1, 25, 0, 'tags', '{"company_id":1,"id":3,"uuid":"01a221f3-af92-7e78-895f-2592808f12f6","created_at":1795865948050,"label":"Of the fair","background_color":"#EF4444","text_color":"#FFFFFF","association":"lead","partner_type":null,"archived_at":null}');
INSERT INTO public.older_definitions VALUES (1, 26, 0, 'custom_fields', '{"company_id":1,"id":1,"uuid":"01a221f3-b01e-72f0-9e40-1f9c1b438984","created_at":1795865948190,"label":"A text","type":"text","category":"lead","partner_type":null,"required":false,"shared":false,"archived_at":null,"options_made":0,"position":0}');
INSERT INTO public.older_definitions VALUES (1, 27, 0, 'custom_fields', '{"company_id":1,"id":3,"uuid":"01a221f3-b08d-72d0-bb19-6d5ceb7b7afc","created_at":1795865948301,"label":"A number","type":"number","category":"lead","partner_type":null,"required":false,"shared":false,"archived_at":null,"options_made":0,"position":0}');
INSERT INTO public.older_definitions VALUES (1, 28, 0, 'custom_field_options', '{"company_id":1,"custom_field_id":6,"id":3,"label":"None","archived_at":null}');
INSERT INTO public.older_definitions VALUES (1, 29, 0, 'custom_field_options', '{"company_id":1,"custom_field_id":6,"id":1,"label":"High","archived_at":null}');
INSERT INTO public.older_definitions VALUES (1, 30, 0, 'users', '{"company_id":1,"id":4,"uuid":"01a221f3-b14c-7846-8974-a6dd9d9d72d3","created_at":1795865948492,"email":"gone@our.example","first_name":"gone","last_name":null,"role":"partner","position":null,"color":"#3B82F6","email_verified":null,"disabled_at":null}');
INSERT INTO public.older_definitions VALUES (1, 31, 0, 'users', '{"company_id":1,"id":2,"uuid":"01a221f3-b123-7121-8bf9-b96afeb70d11","created_at":1795865948451,"email":"jan@our.example","first_name":"jan","last_name":null,"role":"partnerships","position":null,"color":"#3B82F6","email_verified":null,"disabled_at":null}');
INSERT INTO public.older_definitions VALUES (1, 32, 0, 'tiers', '{"company_id":1,"id":1,"uuid":"01a221f3-b15c-7242-8d5a-a7ced964d806","created_at":1795865948508,"label":"Gold","background_color":"#6B7280","text_color":"#FFFFFF","partner_type":null,"archived_at":null}');
INSERT INTO public.older_definitions VALUES (1, 33, 0, 'categories', '{"company_id":1,"id":1,"uuid":"01a221f3-b169-736e-90b5-51debc7625aa","created_at":1795865948521,"updated_at":1795865948521,"label":"Gold partners","partner_type":null,"archived_at":null}');
INSERT INTO public.saved_views VALUES (1, 1, '01a221f3-b78d-7397-a12b-4b750d2c78de', 1795865950093, 1795865950093, '01a221f3-9279-7753-a5c8-880775e2a547', 'New ones', false, 'table', '{"search": "Ærø", "status": ["new"]}', '["company_name", "status"]', 0);
INSERT INTO public.saved_views VALUES (1, 2, '01a221f3-b7b2-792d-98b9-76dc110b1186', 1795865950130, 1795865950130, '01a221f3-9279-7753-a5c8-880775e2a547', 'Board', true, 'board', '{}', '[]', 1);
INSERT INTO public.stages VALUES (1, 1, '01a221f3-b19a-763d-8138-71548c9b7eff', 1795865948570, 'partner', 'Onboarding', 1, 'active', 'referral', NULL);
INSERT INTO public.stages VALUES (1, 2, '01a221f3-b1c3-72b9-a490-4e2df9d14440', 1795865948611, 'lead_deal', 'Proposal', 1, 'negotiation', NULL, NULL);
INSERT INTO public.tags VALUES (1, 2, '01a221f3-af30-7b00-9c0c-f4f21e7079ac', 1795865947952, 'Cold', '#EF4444', '#FFFFFF', 'lead', NULL, NULL);
INSERT INTO public.tags VALUES (1, 4, '01a221f3-afd1-7950-9818-8e23f71bb3b7', 1795865948113, 'Large', '#6B7280', '#FFFFFF', 'lead_deal', 'reseller', NULL);
INSERT INTO public.tags VALUES (1, 1, '01a221f3-aeea-7805-9c43-5b5170fc52a7', 1795865947882, 'Very hot', '#F59E0B', '#FFFFFF', 'lead', NULL, NULL);
INSERT INTO public.tags VALUES (1, 3, '01a221f3-af92-7e78-895f-2592808f12f6', 1795865948050, 'Of the fair', '#EF4444', '#FFFFFF', 'lead', NULL, 1795865949433);
INSERT INTO public.tiers VALUES (1, 2, '01a221f3-b17e-72a1-bb18-21fb91319d6b', 1795865948542, 'Silver', '#6B7280', '#FFFFFF', NULL, NULL);
INSERT INTO public.tiers VALUES (1, 1, '01a221f3-b15c-7242-8d5a-a7ced964d806', 1795865948508, 'Gold', '#6B7280', '#FFFFFF', NULL, 1795865949713);
INSERT INTO public.users VALUES (1, 1, '01a221f3-9279-7753-a5c8-880775e2a547', 1795865940601, 'eva@our.example', NULL, NULL, 'admin', NULL, NULL, 1795865940601, NULL);
INSERT INTO public.users VALUES (1, 3, '01a221f3-b137-7404-9140-566c83705672', 1795865948471, 'kim@our.example', 'kim', NULL, 'partner', NULL, '#3B82F6', NULL, NULL);
INSERT INTO public.users VALUES (1, 4, '01a221f3-b14c-7846-8974-a6dd9d9d72d3', 1795865948492, 'gone@our.example', 'gone', NULL, 'partner', NULL, '#3B82F6', NULL, 1795865949646);
INSERT INTO public.users VALUES (1, 2, '01a221f3-b123-7121-8bf9-b96afeb70d11', 1795865948451, 'jan@our.example', 'Jan-Ole', NULL, 'partnerships', NULL, '#3B82F6', NULL, NULL);
INSERT INTO public.webhooks VALUES (1, 3, '01a221f3-aeb7-7a38-b50a-262457a4ce70', 1, 1795865947834, 1795865947841, 'https://hooks.our.example/waggle', '["lead_updated"]', '["status","tags"]', NULL, 'paused', NULL, '\x013d0eab75554a14dcd3e86c3a8b8ce2ef37947b288c98e902c191ee721356a476dd55ef2538d217604a4554c2d6d9684dfca8273ebabd4bac1a6f58e655ba06a42131', NULL, NULL, 2, 0, 1, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.webhooks VALUES (1, 1, '01a221f3-ae68-78e3-8c58-e8d432c686a9', 1, 1795865947759, 1795865950145, 'http://127.0.0.1:36657/good', NULL, NULL, 'Takes all', 'active', NULL, '\x01f89ceeb498c47bf9719ee6d30e3c5f9d52d87236a3e76c01813132d72752f8d19364753d880fae87f5de5f1aa0d0cf1e5c9a9dd9fdf2087737b80a301434475abd07', '\x013700738ee66facd33827b1c36343a74571ed59cd6424ac1476a749199dde6330b2dd12738b83105c33c47f716365ea2894d4b24f06fd6330e56fcfb56066465df078', 1795952350145, 2, 28, 1, 0, 0, NULL, 1795865954025, 200, 1795865954056, NULL, '01a221f3-c5c4-7125-abcf-14ffa91b8243');
INSERT INTO public.webhooks VALUES (1, 2, '01a221f3-ae96-7a29-83aa-28aea2fa3b9c', 1, 1795865947814, 1795865947814, 'http://127.0.0.1:36657/bad', NULL, NULL, NULL, 'active', NULL, '\x01cd4c320a1ac8ceb85bb660417db00a15c1a7cfa9e001f3db06f7cf58fb8bb041c641be7a68d63605f3ebd6af847925442c47d342bdf5353cf9e9b5fbba222afb2e11', NULL, NULL, 1, 28, 1, 0, 0, 1795865948727, 1795865954035, 500, NULL, NULL, '01a221f3-c5c4-7125-abcf-14ffa91b8243');
INSERT INTO waggle_auth.account VALUES ('TNFDJaOBonXOqwbLl4iefj9pwoTHF4Pv', 'GbI3f7zvtX2BESO0ksYrnmfVKg1zUMzz', 'credential', 'GbI3f7zvtX2BESO0ksYrnmfVKg1zUMzz', NULL, NULL, NULL, NULL, NULL, NULL, '2266efc3e4b9002939c2b911845be896:7c176da3520f4e0d9c0964190c026399946ff06ac588817d4bf2515b3288c3e8a8d6dd8db2237e71ceb2e8367c24833e7ce162193271d2b865929bd7d33584f4', '2026-11-28 11:39:07.258+00', '2026-11-28 11:39:07.258+00');
INSERT INTO waggle_auth.session VALUES ('ZGZZhZU8hQStRzChLN6h86wf7Q19K5gT', '2026-12-05 11:39:07.601+00', 'FOtbcnolrOMEC0CFLhzx6hgmFRRFLXBp', '2026-11-28 11:39:07.602+00', '2026-11-28 11:39:07.602+00', '', '', 'GbI3f7zvtX2BESO0ksYrnmfVKg1zUMzz');
INSERT INTO waggle_auth."user" VALUES ('GbI3f7zvtX2BESO0ksYrnmfVKg1zUMzz', '01a221f3-9279-7753-a5c8-880775e2a547', '01a221f3-9279-7753-a5c8-880775e2a547@users.waggle.invalid', true, NULL, '2026-11-28 11:39:06.882+00', '2026-11-28 11:39:06.882+00', 1, '01a221f3-9279-7753-a5c8-880775e2a547');
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (company_id, id);
ALTER TABLE ONLY public.categories
    ADD CONSTRAINT categories_company_id_uuid_key UNIQUE (company_id, uuid);
ALTER TABLE ONLY public.categories
    ADD CONSTRAINT categories_pkey PRIMARY KEY (company_id, id);
ALTER TABLE ONLY public.companies
    ADD CONSTRAINT companies_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.companies
    ADD CONSTRAINT companies_uuid_key UNIQUE (uuid);
ALTER TABLE ONLY public.company_log
    ADD CONSTRAINT company_log_pkey PRIMARY KEY (company_id);
ALTER TABLE ONLY public.custom_field_options
    ADD CONSTRAINT custom_field_options_pkey PRIMARY KEY (company_id, custom_field_id, id);
ALTER TABLE ONLY public.custom_fields
    ADD CONSTRAINT custom_fields_company_id_uuid_key UNIQUE (company_id, uuid);
ALTER TABLE ONLY public.custom_fields
    ADD CONSTRAINT custom_fields_pkey PRIMARY KEY (company_id, id);
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_company_id_webhook_id_sequence_key UNIQUE (company_id, webhook_id, sequence);
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (company_id, id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (company_id, sequence);
ALTER TABLE ONLY public.id_sources
    ADD CONSTRAINT id_sources_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (company_id, key);
ALTER TABLE ONLY public.import_rows
    ADD CONSTRAINT import_rows_pkey PRIMARY KEY (company_id, import_id, "row");
ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_company_id_uuid_key UNIQUE (company_id, uuid);
ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_pkey PRIMARY KEY (company_id, id);
ALTER TABLE ONLY public.integrations
    ADD CONSTRAINT integrations_company_id_uuid_key UNIQUE (company_id, uuid);
ALTER TABLE ONLY public.integrations
    ADD CONSTRAINT integrations_pkey PRIMARY KEY (company_id, id);
ALTER TABLE ONLY public.lead_details
    ADD CONSTRAINT lead_details_pkey PRIMARY KEY (company_id, lead_id);
ALTER TABLE ONLY public.leads
    ADD CONSTRAINT leads_company_id_uuid_key UNIQUE (company_id, uuid);
ALTER TABLE ONLY public.leads
    ADD CONSTRAINT leads_pkey PRIMARY KEY (company_id, id);
ALTER TABLE ONLY public.log_cursors
    ADD CONSTRAINT log_cursors_pkey PRIMARY KEY (company_id, name);
ALTER TABLE ONLY public.meta
    ADD CONSTRAINT meta_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.older_definitions
    ADD CONSTRAINT older_definitions_pkey PRIMARY KEY (company_id, version, place);
ALTER TABLE ONLY public.processes
    ADD CONSTRAINT processes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.saved_views
    ADD CONSTRAINT saved_views_company_id_uuid_key UNIQUE (company_id, uuid);
ALTER TABLE ONLY public.saved_views
    ADD CONSTRAINT saved_views_pkey PRIMARY KEY (company_id, id);
ALTER TABLE ONLY public.stages
    ADD CONSTRAINT stages_company_id_uuid_key UNIQUE (company_id, uuid);
ALTER TABLE ONLY public.stages
    ADD CONSTRAINT stages_pkey PRIMARY KEY (company_id, id);
ALTER TABLE ONLY public.tags
    ADD CONSTRAINT tags_company_id_uuid_key UNIQUE (company_id, uuid);
ALTER TABLE ONLY public.tags
    ADD CONSTRAINT tags_pkey PRIMARY KEY (company_id, id);
ALTER TABLE ONLY public.tiers
    ADD CONSTRAINT tiers_company_id_uuid_key UNIQUE (company_id, uuid);
ALTER TABLE ONLY public.tiers
    ADD CONSTRAINT tiers_pkey PRIMARY KEY (company_id, id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_company_id_uuid_key UNIQUE (company_id, uuid);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (company_id, id);
ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_company_id_uuid_key UNIQUE (company_id, uuid);
ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_pkey PRIMARY KEY (company_id, id);
ALTER TABLE ONLY waggle_auth.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY waggle_auth.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (id);
ALTER TABLE ONLY waggle_auth.session
    ADD CONSTRAINT session_token_key UNIQUE (token);
ALTER TABLE ONLY waggle_auth."user"
    ADD CONSTRAINT user_email_key UNIQUE (email);
ALTER TABLE ONLY waggle_auth."user"
    ADD CONSTRAINT user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY waggle_auth.verification
    ADD CONSTRAINT verification_pkey PRIMARY KEY (id);
CREATE INDEX deliveries_due ON public.deliveries USING btree (company_id, webhook_id, next_attempt_at) WHERE (next_attempt_at IS NOT NULL);
CREATE INDEX deliveries_not_arrived ON public.deliveries USING btree (company_id, webhook_id, sequence) WHERE (delivered_at IS NULL);
CREATE INDEX idempotency_keys_by_age ON public.idempotency_keys USING btree (created_at);
CREATE INDEX leads_by_email ON public.leads USING btree (company_id, lower((email COLLATE "C")), id) WHERE (archived_at IS NULL);
CREATE UNIQUE INDEX leads_by_external_id ON public.leads USING btree (company_id, external_id) WHERE (external_id IS NOT NULL);
CREATE INDEX leads_newest ON public.leads USING btree (company_id, created_at, id) WHERE (archived_at IS NULL);
CREATE INDEX saved_views_by_user ON public.saved_views USING btree (company_id, user_uuid);
CREATE INDEX saved_views_shared ON public.saved_views USING btree (company_id) WHERE shared;
CREATE INDEX "account_userId_idx" ON waggle_auth.account USING btree ("userId");
CREATE INDEX "session_userId_idx" ON waggle_auth.session USING btree ("userId");
CREATE INDEX verification_identifier_idx ON waggle_auth.verification USING btree (identifier);
ALTER TABLE ONLY waggle_auth.account
    ADD CONSTRAINT "account_userId_fkey" FOREIGN KEY ("userId") REFERENCES waggle_auth."user"(id) ON DELETE CASCADE;
ALTER TABLE ONLY waggle_auth.session
    ADD CONSTRAINT "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES waggle_auth."user"(id) ON DELETE CASCADE;
