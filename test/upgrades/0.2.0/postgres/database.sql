
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
    erasure text,
    CONSTRAINT leads_erasure_check CHECK ((erasure = ANY (ARRAY['begun'::text, 'done'::text]))),
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
INSERT INTO public.api_keys VALUES (1, 2, 1, 'Reader', 'wgl_6d630a5f', '\x73fcce392feaba21f31c4d790afdc65e92ab8c0852b64b0a75ff4c5f4e6f9a83', true, false, false, 1795870306094, NULL, NULL, NULL);
INSERT INTO public.api_keys VALUES (1, 4, 1, 'Sync', 'wgl_0a31da38', '\x4954649bf9f0452eeb33aeccbb3b8d062a6d2754ee2d150d2de3ca267b081146', true, true, false, 1795870306120, NULL, NULL, NULL);
INSERT INTO public.api_keys VALUES (1, 3, 1, 'Sync', 'wgl_843427e4', '\x05c547dcd31e178906caa8d1e40911da1ac45dd0ba4838c942da0f9208201af6', true, true, false, 1795870306107, NULL, 1795956706120, NULL);
INSERT INTO public.api_keys VALUES (1, 5, 1, 'Lost', 'wgl_79c6e95b', '\xd8be79a211b1cf87e5b628992627262f957845d26e8351446f2b9bdb360f71ea', true, false, false, 1795870306144, NULL, NULL, 1795870306157);
INSERT INTO public.api_keys VALUES (1, 1, 1, 'First key', 'wgl_733cf173', '\xa6a7e4328d091c0d68c871a9b1539a91f93c1738f213125358e4f92985544d4e', true, true, true, 1795870301438, 1795870313273, NULL, NULL);
INSERT INTO public.categories VALUES (1, 2, '01a22236-2d28-7635-ae79-b9a7fc9e28cc', 1795870305576, 1795870305576, 'Silver partners', NULL, NULL);
INSERT INTO public.categories VALUES (1, 1, '01a22236-2d10-7604-8260-31979bc11a2b', 1795870305552, 1795870306376, 'Gold partners', NULL, 1795870306376);
INSERT INTO public.companies VALUES (1, '01a22236-1cfe-76e7-8b3b-a9178c8919e1', 'Ærø & Söhne 東京', 1795870301438, NULL);
INSERT INTO public.company_log VALUES (1, 28, 1795870310829, 34);
INSERT INTO public.custom_field_options VALUES (1, 6, 2, 'Low', NULL);
INSERT INTO public.custom_field_options VALUES (1, 7, 1, 'High', NULL);
INSERT INTO public.custom_field_options VALUES (1, 7, 2, 'Low', NULL);
INSERT INTO public.custom_field_options VALUES (1, 7, 3, 'None', NULL);
INSERT INTO public.custom_field_options VALUES (1, 6, 3, 'None', 1795870306283);
INSERT INTO public.custom_field_options VALUES (1, 6, 1, 'Highest', NULL);
INSERT INTO public.custom_fields VALUES (1, 2, '01a22236-2c18-7142-8349-c1c3a038ebb3', 1795870305304, 'A textarea', 'textarea', 'lead', NULL, false, false, NULL, 0, 0);
INSERT INTO public.custom_fields VALUES (1, 4, '01a22236-2c45-7505-83c1-c1c5b7cec8b1', 1795870305349, 'A date', 'date', 'lead', NULL, false, false, NULL, 0, 0);
INSERT INTO public.custom_fields VALUES (1, 5, '01a22236-2c6f-7bd1-9fc6-31c803d2c519', 1795870305391, 'A boolean', 'boolean', 'lead', NULL, false, false, NULL, 0, 0);
INSERT INTO public.custom_fields VALUES (1, 6, '01a22236-2c88-7f71-aca1-823b8d74d10b', 1795870305416, 'A select', 'select', 'lead', NULL, false, false, NULL, 3, 0);
INSERT INTO public.custom_fields VALUES (1, 7, '01a22236-2ca3-7ff9-8a6f-a9e4ba46f66f', 1795870305443, 'A multi_select', 'multi_select', 'lead', NULL, false, false, NULL, 3, 0);
INSERT INTO public.custom_fields VALUES (1, 8, '01a22236-2cb7-769d-8c6a-31cd8ce033ce', 1795870305463, 'Of deals', 'text', 'lead_deal', NULL, true, false, NULL, 0, 0);
INSERT INTO public.custom_fields VALUES (1, 1, '01a22236-2c01-75b1-9fc5-cad8b3b18ffe', 1795870305281, 'A renamed text', 'text', 'lead', NULL, false, false, NULL, 0, 9);
INSERT INTO public.custom_fields VALUES (1, 3, '01a22236-2c31-73be-be5c-e784dbea841a', 1795870305329, 'A number', 'number', 'lead', NULL, false, false, 1795870306264, 0, 0);
INSERT INTO public.deliveries VALUES (1, 1, 1, 1, 1, 1, 'lead_created', 1795870305688, 'delivered', false, false, 1, 1, 1795870305632, 1795870305632, NULL, 1795870305656, 200, 23, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 2, 2, 1, 1, 1, 'lead_created', 1795870305688, 'parked', false, false, 1, 1, 1795870305636, 1795870305636, NULL, NULL, 500, 34, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 3, 1, 2, 1, 2, 'lead_created', 1795870305721, 'delivered', false, false, 1, 1, 1795870305678, 1795870305678, NULL, 1795870305695, 200, 17, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 4, 2, 2, 1, 2, 'lead_created', 1795870305721, 'parked', false, false, 1, 1, 1795870305678, 1795870305678, NULL, NULL, 500, 17, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 5, 1, 3, 1, 3, 'lead_created', 1795870305754, 'delivered', false, false, 1, 1, 1795870305707, 1795870305707, NULL, 1795870305715, 200, 7, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 6, 2, 3, 1, 3, 'lead_created', 1795870305754, 'parked', false, false, 1, 1, 1795870305708, 1795870305708, NULL, NULL, 500, 12, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 7, 1, 4, 1, 4, 'lead_created', 1795870305766, 'delivered', false, false, 1, 1, 1795870305737, 1795870305737, NULL, 1795870305754, 200, 16, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 8, 2, 4, 1, 4, 'lead_created', 1795870305766, 'parked', false, false, 1, 1, 1795870305735, 1795870305735, NULL, NULL, 500, 10, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 9, 1, 5, 1, 5, 'lead_created', 1795870305797, 'delivered', false, false, 1, 1, 1795870305764, 1795870305764, NULL, 1795870305775, 200, 10, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 10, 2, 5, 1, 5, 'lead_created', 1795870305797, 'parked', false, false, 1, 1, 1795870305765, 1795870305765, NULL, NULL, 500, 11, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 11, 2, 6, 1, 6, 'lead_created', 1795870305826, 'parked', false, false, 1, 1, 1795870305802, 1795870305802, NULL, NULL, 500, 7, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 12, 1, 6, 1, 6, 'lead_created', 1795870305848, 'delivered', false, false, 1, 1, 1795870305803, 1795870305803, NULL, 1795870305813, 200, 9, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 13, 1, 7, 1, 7, 'lead_created', 1795870305848, 'delivered', false, false, 1, 1, 1795870305819, 1795870305819, NULL, 1795870305827, 200, 8, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 14, 2, 7, 1, 7, 'lead_created', 1795870305848, 'parked', false, false, 1, 1, 1795870305820, 1795870305820, NULL, NULL, 500, 8, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 15, 1, 8, 1, 8, 'lead_created', 1795870305867, 'delivered', false, false, 1, 1, 1795870305837, 1795870305837, NULL, 1795870305847, 200, 9, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 16, 2, 8, 1, 8, 'lead_created', 1795870305867, 'parked', false, false, 1, 1, 1795870305838, 1795870305838, NULL, NULL, 500, 9, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 17, 1, 9, 1, 9, 'lead_created', 1795870305902, 'delivered', false, false, 1, 1, 1795870305858, 1795870305858, NULL, 1795870305861, 200, 3, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 18, 2, 9, 1, 9, 'lead_created', 1795870305902, 'parked', false, false, 1, 1, 1795870305857, 1795870305857, NULL, NULL, 500, 3, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 19, 1, 10, 1, 10, 'lead_created', 1795870305922, 'delivered', false, false, 1, 1, 1795870305890, 1795870305890, NULL, 1795870305893, 200, 3, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 20, 2, 10, 1, 10, 'lead_created', 1795870305922, 'parked', false, false, 1, 1, 1795870305890, 1795870305890, NULL, NULL, 500, 3, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 21, 1, 11, 1, 11, 'lead_created', 1795870305951, 'delivered', false, false, 1, 1, 1795870305913, 1795870305913, NULL, 1795870305924, 200, 11, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 22, 2, 11, 1, 11, 'lead_created', 1795870305951, 'parked', false, false, 1, 1, 1795870305913, 1795870305913, NULL, NULL, 500, 3, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 23, 1, 12, 1, 12, 'lead_created', 1795870305973, 'delivered', false, false, 1, 1, 1795870305958, 1795870305958, NULL, 1795870305967, 200, 9, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 24, 2, 12, 1, 12, 'lead_created', 1795870305973, 'parked', false, false, 1, 1, 1795870305959, 1795870305959, NULL, NULL, 500, 9, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 25, 1, 13, 1, 1, 'lead_updated', 1795870305994, 'delivered', false, false, 1, 1, 1795870305976, 1795870305976, NULL, 1795870305983, 200, 7, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 26, 2, 13, 1, 1, 'lead_updated', 1795870305994, 'parked', false, false, 1, 1, 1795870305976, 1795870305976, NULL, NULL, 500, 7, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 27, 1, 14, 1, 2, 'lead_updated', 1795870306021, 'delivered', false, false, 1, 1, 1795870305988, 1795870305988, NULL, 1795870305995, 200, 7, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 28, 2, 14, 1, 2, 'lead_updated', 1795870306021, 'parked', false, false, 1, 1, 1795870305988, 1795870305988, NULL, NULL, 500, 7, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 29, 1, 15, 1, 2, 'lead_updated', 1795870306042, 'delivered', false, false, 1, 1, 1795870306009, 1795870306009, NULL, 1795870306012, 200, 2, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 30, 1, 16, 1, 3, 'lead_deleted', 1795870306042, 'delivered', false, false, 1, 1, 1795870306026, 1795870306026, NULL, 1795870306036, 200, 10, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 31, 2, 15, 1, 2, 'lead_updated', 1795870306042, 'parked', false, false, 1, 1, 1795870306010, 1795870306010, NULL, NULL, 500, 3, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 32, 2, 16, 1, 3, 'lead_deleted', 1795870306042, 'parked', false, false, 1, 1, 1795870306021, 1795870306021, NULL, NULL, 500, 10, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 33, 2, 17, 1, 4, 'lead_deleted', 1795870306062, 'parked', false, false, 1, 1, 1795870306037, 1795870306037, NULL, NULL, 500, 8, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 34, 1, 17, 1, 4, 'lead_deleted', 1795870306062, 'delivered', false, false, 1, 1, 1795870306041, 1795870306041, NULL, 1795870306052, 200, 10, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 35, 2, 18, 1, 4, 'lead_updated', 1795870306083, 'parked', false, false, 1, 1, 1795870306061, 1795870306061, NULL, NULL, 500, 7, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 36, 1, 18, 1, 4, 'lead_updated', 1795870306083, 'delivered', false, false, 1, 1, 1795870306061, 1795870306061, NULL, 1795870306075, 200, 13, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 37, 2, 19, 1, 5, 'lead_updated', 1795870306099, 'parked', false, false, 1, 1, 1795870306079, 1795870306079, NULL, NULL, 500, 12, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 38, 1, 19, 1, 5, 'lead_updated', 1795870306099, 'delivered', false, false, 1, 1, 1795870306081, 1795870306081, NULL, 1795870306092, 200, 11, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 39, 2, 20, 1, 2, 'lead_updated', 1795870306120, 'parked', false, false, 1, 1, 1795870306079, 1795870306079, NULL, NULL, 500, 21, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 40, 2, 21, 1, 13, 'lead_created', 1795870306120, 'parked', false, false, 1, 1, 1795870306080, 1795870306080, NULL, NULL, 500, 21, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 41, 1, 20, 1, 2, 'lead_updated', 1795870306120, 'delivered', false, false, 1, 1, 1795870306081, 1795870306081, NULL, 1795870306102, 200, 21, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 42, 1, 21, 1, 13, 'lead_created', 1795870306120, 'delivered', false, false, 1, 1, 1795870306081, 1795870306081, NULL, 1795870306102, 200, 21, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 43, 1, 22, 1, 1, 'lead_updated', 1795870306438, 'delivered', false, false, 1, 1, 1795870306413, 1795870306413, NULL, 1795870306430, 200, 18, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 44, 2, 22, 1, 1, 'lead_updated', 1795870306438, 'parked', false, false, 1, 1, 1795870306413, 1795870306413, NULL, NULL, 500, 18, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 45, 1, 23, 1, 14, 'lead_created', 1795870306501, 'delivered', false, false, 1, 1, 1795870306485, 1795870306485, NULL, 1795870306497, 200, 12, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 46, 2, 23, 1, 14, 'lead_created', 1795870306518, 'parked', false, false, 1, 1, 1795870306486, 1795870306486, NULL, NULL, 500, 13, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 47, 2, 24, 1, 15, 'lead_created', 1795870306518, 'parked', false, false, 1, 1, 1795870306486, 1795870306486, NULL, NULL, 500, 13, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 48, 1, 24, 1, 15, 'lead_created', 1795870306518, 'delivered', false, false, 1, 1, 1795870306486, 1795870306486, NULL, 1795870306498, 200, 13, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 49, 1, 25, 1, 16, 'lead_created', 1795870306568, 'delivered', false, false, 1, 1, 1795870306561, 1795870306561, NULL, 1795870306566, 200, 2, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 50, 2, 25, 1, 16, 'lead_created', 1795870306588, 'parked', false, false, 1, 1, 1795870306565, 1795870306565, NULL, NULL, 500, 5, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 51, 1, 26, 1, 16, 'lead_deleted', 1795870306615, 'delivered', false, false, 1, 1, 1795870306608, 1795870306608, NULL, 1795870306610, 200, 2, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 52, 2, 26, 1, 16, 'lead_deleted', 1795870306615, 'parked', false, false, 1, 1, 1795870306608, 1795870306608, NULL, NULL, 500, 5, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 4097, 1, 27, 1, 1, 'lead_updated', 1795870310986, 'delivered', false, false, 1, 1, 1795870310874, 1795870310874, NULL, 1795870310946, 200, 68, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 4098, 1, 28, 1, 2, 'lead_updated', 1795870310986, 'delivered', false, false, 1, 1, 1795870310890, 1795870310890, NULL, 1795870310953, 200, 62, 'taken', NULL);
INSERT INTO public.deliveries VALUES (1, 4099, 2, 27, 1, 1, 'lead_updated', 1795870310986, 'retrying', false, false, 1, 1, 1795870310898, 1795870310898, 1795952453416, NULL, 500, 59, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.deliveries VALUES (1, 4100, 2, 28, 1, 2, 'lead_updated', 1795870310986, 'retrying', false, false, 1, 1, 1795870310898, 1795870310898, 1795958570598, NULL, 500, 57, 'no: Größe', 'the receiver answered 500');
INSERT INTO public.events VALUES (1, 1, 1, 1, 0, 'lead_created', 1795870305622, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2d49-7283-b8bd-569cc95c9017', 23, '[]', '{"was":{},"is":["01a22236-2d56-7f78-a16b-81e9c9893e80",1795870305622,"manual","Nordlicht 0","ada0@nordlicht.example",null,"Ada","Bërg 0","new","referral",1,[1,3],[2,4],{"1":{"id":1,"uuid":"01a22236-2d56-731e-8009-25a1d6b876ae","value":"Text 0"},"3":{"id":2,"uuid":"01a22236-2d56-759f-b470-cd6dc5a81bcc","value":0}}]}');
INSERT INTO public.events VALUES (1, 2, 2, 1, 0, 'lead_created', 1795870305639, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2d5e-7998-aca0-75b5fd7a85a7', 23, '[]', '{"was":{},"is":["01a22236-2d67-75bf-86c9-c645512b3889",1795870305639,"manual","Nordlicht 1",null,null,null,null,"new","referral",1,[],[],{"1":{"id":3,"uuid":"01a22236-2d67-7c12-a40c-ce1703c68475","value":"Text 1"},"3":{"id":4,"uuid":"01a22236-2d67-780b-be86-56f837c2f618","value":1.25}}]}');
INSERT INTO public.events VALUES (1, 3, 3, 1, 0, 'lead_created', 1795870305688, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2d89-7067-ac61-92bea57e5aaa', 23, '[]', '{"was":{},"is":["01a22236-2d98-76c6-92e0-f9d19d081f6b",1795870305688,"manual","Nordlicht 2","ada2@nordlicht.example",null,"Ada","Bërg 2","new","referral",1,[],[],{"1":{"id":5,"uuid":"01a22236-2d98-7ac5-ac9a-26a6f0e4f8cc","value":"Text 2"},"3":{"id":6,"uuid":"01a22236-2d98-7af6-86f1-2dbb55e470f1","value":2.5}}]}');
INSERT INTO public.events VALUES (1, 4, 4, 1, 0, 'lead_created', 1795870305721, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2db0-7807-85dd-79c6644b3649', 23, '[]', '{"was":{},"is":["01a22236-2db9-746e-a6ca-0262599f77f1",1795870305721,"manual","Nordlicht 3",null,null,null,null,"new","referral",1,[1,3],[2,4],{"1":{"id":7,"uuid":"01a22236-2db9-7b17-ac95-01c5f9c80060","value":"Text 3"},"3":{"id":8,"uuid":"01a22236-2db9-729a-97bd-c5d1860d8db6","value":3.75}}]}');
INSERT INTO public.events VALUES (1, 5, 5, 1, 0, 'lead_created', 1795870305754, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2dca-73d3-b9aa-77a3423b2b73', 23, '[]', '{"was":{},"is":["01a22236-2dda-7a39-816c-5ff44c5acee0",1795870305754,"manual","Nordlicht 4","ada4@nordlicht.example",null,"Ada","Bërg 4","new","reseller",1,[],[],{"1":{"id":9,"uuid":"01a22236-2dda-7ceb-a084-4269dcc9447e","value":"Text 4"},"3":{"id":10,"uuid":"01a22236-2dda-7c03-a1be-2128f8e6306a","value":5}},"crm-4"]}');
INSERT INTO public.events VALUES (1, 6, 6, 1, 0, 'lead_created', 1795870305783, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2de8-7091-bf33-249584a4b317', 23, '[]', '{"was":{},"is":["01a22236-2df7-7904-839c-72fe7f839324",1795870305783,"manual","Nordlicht 5",null,null,null,null,"new","referral",1,[],[],{"1":{"id":11,"uuid":"01a22236-2df7-780b-b352-ef43901023f0","value":"Text 5"},"3":{"id":12,"uuid":"01a22236-2df7-7dcb-af04-5a4102ac3999","value":6.25}}]}');
INSERT INTO public.events VALUES (1, 7, 7, 1, 0, 'lead_created', 1795870305807, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2e06-7888-844a-80bb49c0bc40', 23, '[]', '{"was":{},"is":["01a22236-2e0f-7ab4-bfef-57e72d3248e3",1795870305807,"manual","Nordlicht 6","ada6@nordlicht.example",null,"Ada","Bërg 6","new","referral",1,[1,3],[2,4],{"1":{"id":13,"uuid":"01a22236-2e0f-7d18-ac5d-02f443d5e55c","value":"Text 6"},"3":{"id":14,"uuid":"01a22236-2e0f-7f9a-92ae-dfdaf8eeffb8","value":7.5}}]}');
INSERT INTO public.events VALUES (1, 8, 8, 1, 0, 'lead_created', 1795870305826, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2e19-7733-a115-09f5a835a1c8', 23, '[]', '{"was":{},"is":["01a22236-2e22-7c47-898c-3c8b498249f0",1795870305826,"manual","Nordlicht 7",null,null,null,null,"new","referral",1,[],[],{"1":{"id":15,"uuid":"01a22236-2e22-71d3-b533-305fa0ed39fa","value":"Text 7"},"3":{"id":16,"uuid":"01a22236-2e22-723e-ad63-202c996435b7","value":8.75}}]}');
INSERT INTO public.events VALUES (1, 9, 9, 1, 0, 'lead_created', 1795870305848, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2e2f-7de8-bede-1bda7a9ecd17', 23, '[]', '{"was":{},"is":["01a22236-2e38-7839-b3a0-a96c5d37de6f",1795870305848,"manual","Nordlicht 8","ada8@nordlicht.example",null,"Ada","Bërg 8","new","referral",1,[],[],{"1":{"id":17,"uuid":"01a22236-2e38-71d5-8403-47ed82ed685e","value":"Text 8"},"3":{"id":18,"uuid":"01a22236-2e38-7f2c-b96e-c541e8358568","value":10}}]}');
INSERT INTO public.events VALUES (1, 10, 10, 1, 0, 'lead_created', 1795870305867, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2e43-7690-b9ed-7bd96e75a79b', 23, '[]', '{"was":{},"is":["01a22236-2e4b-793f-9f1e-669d07e082fd",1795870305867,"manual","Nordlicht 9",null,null,null,null,"new","referral",1,[1,3],[2,4],{"1":{"id":19,"uuid":"01a22236-2e4b-7068-9de3-79b9ab07e00c","value":"Text 9"},"3":{"id":20,"uuid":"01a22236-2e4b-7c9c-9b08-8632b51be976","value":11.25}}]}');
INSERT INTO public.events VALUES (1, 11, 11, 1, 0, 'lead_created', 1795870305902, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2e63-74cd-861d-96cbd2228ad9', 23, '[]', '{"was":{},"is":["01a22236-2e6e-7ea4-a3fb-ebbe4d6e1bf0",1795870305902,"manual","Nordlicht 10","ada10@nordlicht.example",null,"Ada","Bërg 10","new","referral",1,[],[],{"1":{"id":21,"uuid":"01a22236-2e6e-7b9a-8443-b2d03f36768a","value":"Text 10"},"3":{"id":22,"uuid":"01a22236-2e6e-70e6-9b28-d738cb82d461","value":12.5}}]}');
INSERT INTO public.events VALUES (1, 12, 12, 1, 0, 'lead_created', 1795870305939, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2e77-7364-b44b-73f419c78902', 23, '[]', '{"was":{},"is":["01a22236-2e93-7ba4-904b-9d2c89804821",1795870305939,"manual","Nordlicht 11",null,null,null,null,"new","referral",1,[],[],{"1":{"id":23,"uuid":"01a22236-2e93-7562-9a23-09c4433247a4","value":"Text 11"},"3":{"id":24,"uuid":"01a22236-2e93-7f5b-8d70-18e9d85374ff","value":13.75}}]}');
INSERT INTO public.events VALUES (1, 13, 1, 2, 1, 'lead_updated', 1795870305960, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2ea0-7484-8c23-01fbea9f4003', 23, '["status","assignedUsers","tags","customFields"]', '{"was":{"status":"new","assigned_users":[2,4],"tags":[1,3],"custom_fields":{"2":null,"4":null,"5":null,"6":null,"7":null}},"is":["01a22236-2d56-7f78-a16b-81e9c9893e80",1795870305622,"manual","Nordlicht 0","ada0@nordlicht.example",null,"Ada","Bërg 0","contacted","referral",1,[2,1],[3],{"1":{"id":1,"uuid":"01a22236-2d56-731e-8009-25a1d6b876ae","value":"Text 0"},"2":{"id":25,"uuid":"01a22236-2ea8-7bb8-a471-3702b276a496","value":"line\nbreak\t👩‍👩‍👧"},"3":{"id":2,"uuid":"01a22236-2d56-759f-b470-cd6dc5a81bcc","value":0},"4":{"id":26,"uuid":"01a22236-2ea8-7b8c-b272-bb441590cc92","value":"2028-02-29"},"5":{"id":27,"uuid":"01a22236-2ea8-7954-888f-87e3f47eb0b5","value":false},"6":{"id":28,"uuid":"01a22236-2ea8-77c6-ad18-29fa6346aeb5","value":3},"7":{"id":29,"uuid":"01a22236-2ea8-719a-ba52-222100a94f98","value":[3,1]}}]}');
INSERT INTO public.events VALUES (1, 14, 2, 2, 2, 'lead_updated', 1795870305984, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2ebe-7556-ab54-d281d69fbd2b', 23, '["company_name","phone_number"]', '{"was":{"company_name":"Nordlicht 1","phone_number":null},"is":["01a22236-2d67-75bf-86c9-c645512b3889",1795870305639,"manual",null,null,"+49 30 1234567",null,null,"new","referral",1,[],[],{"1":{"id":3,"uuid":"01a22236-2d67-7c12-a40c-ce1703c68475","value":"Text 1"},"3":{"id":4,"uuid":"01a22236-2d67-780b-be86-56f837c2f618","value":1.25}}]}');
INSERT INTO public.events VALUES (1, 15, 2, 3, 14, 'lead_updated', 1795870306002, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2eca-729c-aeb3-3419acc63320', 23, '["tags"]', '{"was":{"tags":[]},"is":["01a22236-2d67-75bf-86c9-c645512b3889",1795870305639,"manual",null,null,"+49 30 1234567",null,null,"new","referral",1,[2],[],{"1":{"id":3,"uuid":"01a22236-2d67-7c12-a40c-ce1703c68475","value":"Text 1"},"3":{"id":4,"uuid":"01a22236-2d67-780b-be86-56f837c2f618","value":1.25}}]}');
INSERT INTO public.events VALUES (1, 16, 3, 2, 3, 'lead_deleted', 1795870306013, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2eda-7615-986a-717ef0910fbc', 23, '[]', '{"was":{},"is":["01a22236-2d98-76c6-92e0-f9d19d081f6b",1795870305688,"manual","Nordlicht 2","ada2@nordlicht.example",null,"Ada","Bërg 2","new","referral",1,[],[],{"1":{"id":5,"uuid":"01a22236-2d98-7ac5-ac9a-26a6f0e4f8cc","value":"Text 2"},"3":{"id":6,"uuid":"01a22236-2d98-7af6-86f1-2dbb55e470f1","value":2.5}}]}');
INSERT INTO public.events VALUES (1, 17, 4, 2, 4, 'lead_deleted', 1795870306028, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2eeb-779e-ac95-5e802dd43e8e', 23, '[]', '{"was":{},"is":["01a22236-2db9-746e-a6ca-0262599f77f1",1795870305721,"manual","Nordlicht 3",null,null,null,null,"new","referral",1,[1,3],[2,4],{"1":{"id":7,"uuid":"01a22236-2db9-7b17-ac95-01c5f9c80060","value":"Text 3"},"3":{"id":8,"uuid":"01a22236-2db9-729a-97bd-c5d1860d8db6","value":3.75}}]}');
INSERT INTO public.events VALUES (1, 18, 4, 3, 17, 'lead_updated', 1795870306050, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2efc-7f14-8619-e235ece680a1', 23, '["archived"]', '{"was":{"archived":true},"is":["01a22236-2db9-746e-a6ca-0262599f77f1",1795870305721,"manual","Nordlicht 3",null,null,null,null,"new","referral",1,[1,3],[2,4],{"1":{"id":7,"uuid":"01a22236-2db9-7b17-ac95-01c5f9c80060","value":"Text 3"},"3":{"id":8,"uuid":"01a22236-2db9-729a-97bd-c5d1860d8db6","value":3.75}}]}');
INSERT INTO public.events VALUES (1, 19, 5, 2, 5, 'lead_updated', 1795870306071, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2f12-7990-81ac-e6623a3da330', 23, '["status"]', '{"was":{"status":"new"},"is":["01a22236-2dda-7a39-816c-5ff44c5acee0",1795870305754,"manual","Nordlicht 4","ada4@nordlicht.example",null,"Ada","Bërg 4","qualified","reseller",1,[],[],{"1":{"id":9,"uuid":"01a22236-2dda-7ceb-a084-4269dcc9447e","value":"Text 4"},"3":{"id":10,"uuid":"01a22236-2dda-7c03-a1be-2128f8e6306a","value":5}},"crm-4"]}');
INSERT INTO public.events VALUES (1, 20, 2, 4, 15, 'lead_updated', 1795870306071, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2f12-7990-81ac-e6623a3da330', 23, '["status"]', '{"was":{"status":"new"},"is":["01a22236-2d67-75bf-86c9-c645512b3889",1795870305639,"manual",null,null,"+49 30 1234567",null,null,"lost","referral",1,[2],[],{"1":{"id":3,"uuid":"01a22236-2d67-7c12-a40c-ce1703c68475","value":"Text 1"},"3":{"id":4,"uuid":"01a22236-2d67-780b-be86-56f837c2f618","value":1.25}}]}');
INSERT INTO public.events VALUES (1, 21, 13, 1, 0, 'lead_created', 1795870306071, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-2f12-7990-81ac-e6623a3da330', 23, '[]', '{"was":{},"is":["01a22236-2f17-79ea-a6bb-dd9865e6f018",1795870306071,"manual","Of a batch",null,null,null,null,"new","referral",1,[],[],{}]}');
INSERT INTO public.events VALUES (1, 22, 1, 3, 13, 'lead_updated', 1795870306404, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-3052-735e-a79f-2f157179bacd', 34, '["last_name"]', '{"was":{"last_name":"Bërg 0"},"is":["01a22236-2d56-7f78-a16b-81e9c9893e80",1795870305622,"manual","Nordlicht 0","ada0@nordlicht.example",null,"Ada","After all that","contacted","referral",1,[2,1],[3],{"1":{"id":1,"uuid":"01a22236-2d56-731e-8009-25a1d6b876ae","value":"Text 0"},"2":{"id":25,"uuid":"01a22236-2ea8-7bb8-a471-3702b276a496","value":"line\nbreak\t👩‍👩‍👧"},"3":{"id":2,"uuid":"01a22236-2d56-759f-b470-cd6dc5a81bcc","value":0},"4":{"id":26,"uuid":"01a22236-2ea8-7b8c-b272-bb441590cc92","value":"2028-02-29"},"5":{"id":27,"uuid":"01a22236-2ea8-7954-888f-87e3f47eb0b5","value":false},"6":{"id":28,"uuid":"01a22236-2ea8-77c6-ad18-29fa6346aeb5","value":3},"7":{"id":29,"uuid":"01a22236-2ea8-719a-ba52-222100a94f98","value":[3,1]}}]}');
INSERT INTO public.events VALUES (1, 23, 14, 1, 0, 'lead_created', 1795870306474, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-306e-7257-96a1-eef4313318b9', 34, '[]', '{"was":{},"is":["01a22236-30aa-7fc2-929c-13b6c215715b",1795870306474,"manual","Ærø","one@import.example",null,null,null,"new","referral",1,[],[],{},"i-1"]}');
INSERT INTO public.events VALUES (1, 24, 15, 1, 0, 'lead_created', 1795870306474, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-306e-7257-96a1-eef4313318b9', 34, '[]', '{"was":{},"is":["01a22236-30aa-72ca-a733-9f267c86d870",1795870306474,"manual",null,null,null,null,null,"lost","referral",1,[],[],{},"i-3"]}');
INSERT INTO public.events VALUES (1, 25, 16, 1, 0, 'lead_created', 1795870306554, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-30d1-73f4-a152-4d7acd2e0d8d', 34, '[]', '{"was":{},"is":["01a22236-30fa-7278-9c5c-ca5e16f986eb",1795870306554,"manual","Undone",null,null,null,null,"new","referral",1,[],[],{}]}');
INSERT INTO public.events VALUES (1, 26, 16, 2, 25, 'lead_deleted', 1795870306602, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-3113-7a4b-b64d-4f96baf74866', 34, '[]', '{"was":{},"is":["01a22236-30fa-7278-9c5c-ca5e16f986eb",1795870306554,"manual","Undone",null,null,null,null,"new","referral",1,[],[],{}]}');
INSERT INTO public.events VALUES (1, 27, 1, 4, 22, 'lead_updated', 1795870310802, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-418d-74f6-a451-cd61ecbf4ff4', 34, '["status"]', '{"was":{"status":"contacted"},"is":["01a22236-2d56-7f78-a16b-81e9c9893e80",1795870305622,"manual","Nordlicht 0","ada0@nordlicht.example",null,"Ada","After all that","qualified","referral",1,[2,1],[3],{"1":{"id":1,"uuid":"01a22236-2d56-731e-8009-25a1d6b876ae","value":"Text 0"},"2":{"id":25,"uuid":"01a22236-2ea8-7bb8-a471-3702b276a496","value":"line\nbreak\t👩‍👩‍👧"},"3":{"id":2,"uuid":"01a22236-2d56-759f-b470-cd6dc5a81bcc","value":0},"4":{"id":26,"uuid":"01a22236-2ea8-7b8c-b272-bb441590cc92","value":"2028-02-29"},"5":{"id":27,"uuid":"01a22236-2ea8-7954-888f-87e3f47eb0b5","value":false},"6":{"id":28,"uuid":"01a22236-2ea8-77c6-ad18-29fa6346aeb5","value":3},"7":{"id":29,"uuid":"01a22236-2ea8-719a-ba52-222100a94f98","value":[3,1]}}]}');
INSERT INTO public.events VALUES (1, 28, 2, 5, 20, 'lead_updated', 1795870310829, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1, '01a22236-41a5-73db-a911-fe0284610ac2', 34, '["last_name"]', '{"was":{"last_name":null},"is":["01a22236-2d67-75bf-86c9-c645512b3889",1795870305639,"manual",null,null,"+49 30 1234567",null,"Only once","lost","referral",1,[2],[],{"1":{"id":3,"uuid":"01a22236-2d67-7c12-a40c-ce1703c68475","value":"Text 1"},"3":{"id":4,"uuid":"01a22236-2d67-780b-be86-56f837c2f618","value":1.25}}]}');
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
INSERT INTO public.idempotency_keys VALUES (1, 'ed904f6a5e2604e3e8e06d97f986cf34', '698784ac06216f4da207988e7f62ed2dfddc8ee4791dac5e4e1fd550c1859771', 1795870304923, '{"id":1,"uuid":"01a22236-2a80-749a-99aa-acff1bc674d3"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '4ec6331eb33e6be865171a2a09d8023f', 'f33c804951e03d3158a87f729aaa2c9a44d503ea9a219a0c838d8e44e0229c7f', 1795870305102, '{"id":1,"uuid":"01a22236-1cfe-76e7-8b3b-a9178c8919e1","name":"Ærø & Söhne 東京","created_at":"2026-11-28T12:51:41.438Z"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '7a71c666eb80089198c910bc02b6c3d4', '494272f5bde081812ba1e20cf7db615cae7f88cd755a0d88bc83914df1cb75b3', 1795870305138, '{"id":1,"uuid":"01a22236-2b72-70a6-9480-de60c69efc90"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'bab5e989a11c3a526e86cf2d25114bef', '4781b0a69dfc62b32c4b3837cd8e4d96415b241dd212c4c2f2abe2d7af914483', 1795870305176, '{"id":2,"uuid":"01a22236-2b98-775a-8c87-18a09bdf2ee2"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'f2862e6e85fad5fe303c0c54f3180829', '904070ef7f4ab9b13f1c58386dae4617ff2eaaf256b28a04510fae25bb3b46a5', 1795870305221, '{"id":3,"uuid":"01a22236-2bc5-7ebb-9d67-b374aa144d49"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '7cd2029faa59fd017a2faf5fed2bc6e9', '44ed8deff8c15a46f7e32ed3317d082616ce02e3db90d2871dde01942df7294c', 1795870305245, '{"id":4,"uuid":"01a22236-2bdd-77b7-b993-f6895f6ad637"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '6ea54088490ae3a244bc826804a772f1', 'eb430cba565a7da31fb09946dd91454aa8509f9ff2bc2ef9ee57ce3e6fc35367', 1795870305281, '{"id":1,"uuid":"01a22236-2c01-75b1-9fc5-cad8b3b18ffe"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'ef03e6168ca4d74204f2dae9a705f6d3', '17d67526051e2398b712415d3d5db7ecb3efee6b4dfd4dbe3ca26a22f4306378', 1795870305304, '{"id":2,"uuid":"01a22236-2c18-7142-8349-c1c3a038ebb3"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'ecd06f497442dba1a6d626bf9d0ea2a9', '1b543dac01b277ee5b2e8994585a66c705d725946ca4da64083bc0accf4dd4a3', 1795870305329, '{"id":3,"uuid":"01a22236-2c31-73be-be5c-e784dbea841a"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '9286fca8bf9fbe60c579a57f62504460', 'b01b5c142459bc4caf1249a51bc1c3eebad2c923f25b7006b70eafc37f6f53c7', 1795870305349, '{"id":4,"uuid":"01a22236-2c45-7505-83c1-c1c5b7cec8b1"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '0fdf0833eb9698a259f01720c0a58df4', '197bca7b653c6963fdfb7032c7015b051e14ed01139d9bdc7af4db77893123bc', 1795870305391, '{"id":5,"uuid":"01a22236-2c6f-7bd1-9fc6-31c803d2c519"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '0a8d4d68b489a0e38a5b1bf874d17444', '7047518fb8cde6257538b9f07f6814e69ad5e2f67341ab86e708d1eb41d6c057', 1795870305416, '{"id":6,"uuid":"01a22236-2c88-7f71-aca1-823b8d74d10b"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '6f6852b12a41e278a2a2647428b84143', '87015d9fc75bddb2138e788bd7b229d03acc52fff55c38e226645a2622f52c1d', 1795870305443, '{"id":7,"uuid":"01a22236-2ca3-7ff9-8a6f-a9e4ba46f66f"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '3dbb66ecc934ee747e8e612fd08ebc94', '1830b4ebc973db7ffbc7c34281a9cbc090e438ea53954344c14dfc6fcf44ee19', 1795870305463, '{"id":8,"uuid":"01a22236-2cb7-769d-8c6a-31cd8ce033ce"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '7612cd6236ef64a62dc5da53852ec235', '618f67b01c79b8247866b79da21a609002bf06ddfb22ee1205c07d515f221fb2', 1795870305481, '{"id":2,"uuid":"01a22236-2cc9-7a30-80d4-3f6191965f33"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '62edac7407d52ee35773a79ee64d9ac7', '87d4ad3dd825161126576faa9ecb2e9bfbba1ca67e7d19af67c199f930b0d5fc', 1795870305491, '{"id":3,"uuid":"01a22236-2cd3-7789-bd04-de3e615b68da"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'b0969c6a7606b69f6da17b59cba88665', '7dadb3c2ca30ff708f3fc5a5f2de884966ab459717e9b7ef0537ed42e9953e29', 1795870305512, '{"id":4,"uuid":"01a22236-2ce8-7452-a0ed-26132266dbec"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'c7757dde56662f5a3f9ca8bb91150b7f', '0d425c25accee5c72ef97914b697e3bf6ea3872f47d7dca3e7ed741747474d2e', 1795870305532, '{"id":1,"uuid":"01a22236-2cfc-77b6-bf66-6f24a1bd3464"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '2f2f2c83f524f4e913eaf44d07428622', '176f99ce0cbbd82cf9ad0b883021278d76b39ad4bc919fc020b507aff16f583b', 1795870305552, '{"id":1,"uuid":"01a22236-2d10-7604-8260-31979bc11a2b"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'e582bb104a28e52a6594b46f7bc8f833', '0d304bfa7232baf6f7e28d472eeab063ad4086af17e6f6a3f3f9915ff0b9330f', 1795870305565, '{"id":2,"uuid":"01a22236-2d1d-74f4-a27e-12e637f5dc4c"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'a9836b042e950dc16e2ec7e455300ea2', '4c8c5d215d8ec1488d8205e39c2c20da188ba0f07a3da8b1627c8c7f67297579', 1795870305576, '{"id":2,"uuid":"01a22236-2d28-7635-ae79-b9a7fc9e28cc"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '27b236716694d0d97662c505b65335a0', '1bcfc855a5c906ff0cebc5f3bfc1d2f883eb43710d2fec1507a72d5e554a56f6', 1795870305589, '{"id":1,"uuid":"01a22236-2d35-75f9-9948-5ff49e198494"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '279509f16ca5feb8c5648010abe9adfc', 'f8e3e3bc9e39e0a1237294870a3da0fff14b3f883283cf21c1092ff86c25f292', 1795870305605, '{"id":2,"uuid":"01a22236-2d45-73fb-8e33-1139f844bbad"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '3fa81d3ccee92e82664e6298cd2222c5', '0af324a1cb90073a5bdf92be8fd6e66b554578adafe24d06caba2d05da556daa', 1795870305622, '{"id":1,"uuid":"01a22236-2d56-7f78-a16b-81e9c9893e80","version":1}', 1);
INSERT INTO public.idempotency_keys VALUES (1, 'a777153dc0dc364a713edf68a89ed75d', '143169a79263cbc112a490fdabfa1439950dcb225fe95e75fd40dc268729d07b', 1795870305639, '{"id":2,"uuid":"01a22236-2d67-75bf-86c9-c645512b3889","version":1}', 2);
INSERT INTO public.idempotency_keys VALUES (1, 'd67bf484d66e2e7634c0de5496e16f02', '43c0310fab769cef9f89ad214635594286e9cd0247e3323b63fa6ef73cdcdde7', 1795870305688, '{"id":3,"uuid":"01a22236-2d98-76c6-92e0-f9d19d081f6b","version":1}', 3);
INSERT INTO public.idempotency_keys VALUES (1, '0425f6aaf887ba2a0f4f266c3924f314', '8278e45720e6daa0269fee2c1fd3f828bdcbaee4d2effe8b9554bfd724d43f5c', 1795870305721, '{"id":4,"uuid":"01a22236-2db9-746e-a6ca-0262599f77f1","version":1}', 4);
INSERT INTO public.idempotency_keys VALUES (1, 'a621591dd50d7e2ea713603389c6a1b4', '74b14291e5875b26920e116ba53226e406543cb92b13bf748e712d4dfe9aba38', 1795870305754, '{"id":5,"uuid":"01a22236-2dda-7a39-816c-5ff44c5acee0","version":1}', 5);
INSERT INTO public.idempotency_keys VALUES (1, '0271a7c12dd7a332d518342161c05772', 'b8de8bb69d8f7f1b350cc7df62e1d5c8482e6bb26f8db4072aee59e37c7714ff', 1795870305783, '{"id":6,"uuid":"01a22236-2df7-7904-839c-72fe7f839324","version":1}', 6);
INSERT INTO public.idempotency_keys VALUES (1, 'd12764a3aaea3f7c8d79547a0f7deb9b', 'd64414497a274c5ad9bf40c6d6a3b44cc4788ea566abf53b58cd6a72fc2981a4', 1795870305807, '{"id":7,"uuid":"01a22236-2e0f-7ab4-bfef-57e72d3248e3","version":1}', 7);
INSERT INTO public.idempotency_keys VALUES (1, '4d0398cf5e4adc1d1b8b38fd4bb83208', '3e41b4672c8e967bcc20aa2cba1b07725a78f9368806f12276b72371d80ebf8e', 1795870305826, '{"id":8,"uuid":"01a22236-2e22-7c47-898c-3c8b498249f0","version":1}', 8);
INSERT INTO public.idempotency_keys VALUES (1, '463b3b1bd98daa65b2f972098d648941', 'ef2adef59d6de3847c04861a526318f6651418a17af243c63658e678ee44a277', 1795870305848, '{"id":9,"uuid":"01a22236-2e38-7839-b3a0-a96c5d37de6f","version":1}', 9);
INSERT INTO public.idempotency_keys VALUES (1, 'c80e1fd5034b24645e3124d1a303b9f2', 'a638fca26401bb31bcd39557e1a1f34da3a6455d12ef12e1550e274c9e0ad304', 1795870305867, '{"id":10,"uuid":"01a22236-2e4b-793f-9f1e-669d07e082fd","version":1}', 10);
INSERT INTO public.idempotency_keys VALUES (1, '6d1a6719e5a61d886849b15c852932b3', '4339ca6fd4006ced4ed0c4dd0b1faefe5a717cd6ff08dd7d4fd6d8ddbc561327', 1795870305902, '{"id":11,"uuid":"01a22236-2e6e-7ea4-a3fb-ebbe4d6e1bf0","version":1}', 11);
INSERT INTO public.idempotency_keys VALUES (1, '8aa8bb99dcdf7c288342e67cfaf5709f', 'fe01fcce39d9e564db3942072505a442048779cdec98a9d330296724427d1375', 1795870305939, '{"id":12,"uuid":"01a22236-2e93-7ba4-904b-9d2c89804821","version":1}', 12);
INSERT INTO public.idempotency_keys VALUES (1, 'bc2037b1ac7d99e30e2018ad4c5427e8', 'a80de491b1c0625a9b50d3bf24748288d22985758b89daac5cd1ba9464e9e686', 1795870305960, '{"receipt":{"id":1,"uuid":"01a22236-2d56-7f78-a16b-81e9c9893e80","updated_at":"2026-11-28T12:51:45.960Z"},"whole":null,"version":2}', 13);
INSERT INTO public.idempotency_keys VALUES (1, '2f2775d113807f577787af90f370b3fb', '49614edaf308eceeab6c442d29f1b5a0e0a8c69d1bf00b555721f49231c3d0eb', 1795870305984, '{"receipt":{"id":2,"uuid":"01a22236-2d67-75bf-86c9-c645512b3889","updated_at":"2026-11-28T12:51:45.984Z"},"whole":null,"version":2}', 14);
INSERT INTO public.idempotency_keys VALUES (1, '591979ea5281977dc899acc69976b970', 'bf4f92c5cf3c91b9604e5a3c3f1c9a246c80c43270d2b81307c74f0267f158d7', 1795870306002, '{"receipt":{"id":2,"uuid":"01a22236-2d67-75bf-86c9-c645512b3889","updated_at":"2026-11-28T12:51:46.002Z"},"whole":null,"version":3}', 15);
INSERT INTO public.idempotency_keys VALUES (1, '27fd553e2d1f6f3d194802ffc138d0ec', '61a94b3608e8832cdf9672eeb0a7948ff0f5f2f84fd5e7fda18b11d32ec8bb16', 1795870306013, '{"version":2}', 16);
INSERT INTO public.idempotency_keys VALUES (1, 'c66f5fddcda8183b8239dde542ae9cd2', 'cf6e1ff82c114ab958b09a8497cf4ab5b822126679b3d0dea386a5776ee37f10', 1795870306028, '{"version":2}', 17);
INSERT INTO public.idempotency_keys VALUES (1, '3b686e258bea8bd77413ef3c0705b5b4', '02f26d3dbf0c2c29ec41b4d365073d39991feb21f41f8141918db760852f62d7', 1795870306050, '{"version":3,"whole":{"id":4,"uuid":"01a22236-2db9-746e-a6ca-0262599f77f1","created_at":"2026-11-28T12:51:45.721Z","updated_at":"2026-11-28T12:51:46.050Z","source":"manual","company_name":"Nordlicht 3","email":null,"phone_number":null,"first_name":null,"last_name":null,"status":"new","partner_type":"referral","company_id":1,"created_by_user_id":1,"campaign_id":null,"campaign_title":null,"external_id":null,"tags":[{"id":1,"label":"Hot","background_color":"#EF4444","text_color":"#FFFFFF"},{"id":3,"label":"Of the fair","background_color":"#EF4444","text_color":"#FFFFFF"}],"assigned_users":[{"id":2,"email":"jan@our.example","first_name":"jan","last_name":null,"color":"#3B82F6","profile_image_id":null,"profile_image_uuid":null},{"id":4,"email":"gone@our.example","first_name":"gone","last_name":null,"color":"#3B82F6","profile_image_id":null,"profile_image_uuid":null}],"partnership_leads":[],"campaign_partners":[],"lead_deals":[],"custom_fields":[{"id":1,"label":"A text","type":"text","value":{"text":"Text 3"},"custom_field_value_id":7},{"id":3,"label":"A number","type":"number","value":{"number":3.75},"custom_field_value_id":8}]}}', 18);
INSERT INTO public.idempotency_keys VALUES (1, '6f1d69fa6f7aecbfb550782a74cb4f21', 'bad5614b244a3ce530dba9886643ccb7edf8554d206194509e0454ab622279c3', 1795870306071, '[{"index":0,"status":200,"id":5,"uuid":"01a22236-2dda-7a39-816c-5ff44c5acee0","updated_at":"2026-11-28T12:51:46.071Z","version":2,"sequence":19},{"index":1,"status":200,"id":2,"uuid":"01a22236-2d67-75bf-86c9-c645512b3889","updated_at":"2026-11-28T12:51:46.071Z","version":4,"sequence":20},{"index":2,"status":201,"id":13,"uuid":"01a22236-2f17-79ea-a6bb-dd9865e6f018","updated_at":"2026-11-28T12:51:46.071Z","version":1,"sequence":21}]', 19);
INSERT INTO public.idempotency_keys VALUES (1, '12cbea9d2a7c60a5fcf21bde66dfca88', 'd03c29b12a7b87f9fc1b468ed143eb5f2783fc7c7091e7fdd9060c007266504c', 1795870306198, '{"id":1,"uuid":"01a22236-2b72-70a6-9480-de60c69efc90","label":"Very hot","background_color":"#F59E0B","text_color":"#FFFFFF","association":"lead","partner_type":null,"company_id":1,"archived_at":null}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'cc1c5b75c4f004d9c755b6d38083a997', 'cee0c7337c89bfb7f065a1f36970d1d9bcad24be7d50394f0bd193b14cf5f29f', 1795870306220, '{"id":3,"uuid":"01a22236-2bc5-7ebb-9d67-b374aa144d49","label":"Of the fair","background_color":"#EF4444","text_color":"#FFFFFF","association":"lead","partner_type":null,"company_id":1,"archived_at":"2026-11-28T12:51:46.220Z"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '9cb0395d30d29313475376913b53a343', 'f5b2a914470d809854f068d98cc0a8bce77c3bce9d1ee839653273ec9bcd367c', 1795870306241, '{"id":1,"uuid":"01a22236-2c01-75b1-9fc5-cad8b3b18ffe","label":"A renamed text","type":"text","category":"lead","partner_type":null,"required":false,"shared":false,"position":9,"options":null,"archived_at":null}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'ad8c17094fd767759a5a59db1eba6ca0', 'd2ad0de1d1e1565b1a3d75303ede9524f8c41fe8cca8b0b82a7596fae3c7c2bb', 1795870306264, '{"id":3,"uuid":"01a22236-2c31-73be-be5c-e784dbea841a","label":"A number","type":"number","category":"lead","partner_type":null,"required":false,"shared":false,"position":0,"options":null,"archived_at":"2026-11-28T12:51:46.264Z"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '2bdcac2911e64b4b26d506e5363555ba', '592eff86712508809cbfc4a8734146e6a8c33fe87f8ef0956c77440bfe63bcbf', 1795870306283, '{"id":6,"uuid":"01a22236-2c88-7f71-aca1-823b8d74d10b","label":"A select","type":"select","category":"lead","partner_type":null,"required":false,"shared":false,"position":0,"options":[{"id":1,"label":"High"},{"id":2,"label":"Low"}],"archived_at":null}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '09089ee6a8a0724f5a89887a8c15b4a2', '18f3d37a10b82b99341ec9d6835b492aeaeb6560d3ed53dd6537e75aab90fd8b', 1795870306299, '{"id":6,"uuid":"01a22236-2c88-7f71-aca1-823b8d74d10b","label":"A select","type":"select","category":"lead","partner_type":null,"required":false,"shared":false,"position":0,"options":[{"id":1,"label":"Highest"},{"id":2,"label":"Low"}],"archived_at":null}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '105732d99d0f941ad720378dff3cedfc', 'd3deec882d53483087e2b10a21757c21fe99dd669508280511087036750991bf', 1795870306318, '{"id":4,"uuid":"01a22236-2ce8-7452-a0ed-26132266dbec","created_at":"2026-11-28T12:51:45.512Z","email":"gone@our.example","first_name":"gone","last_name":null,"role":"partner","position":null,"email_verified":null,"disabled_at":"2026-11-28T12:51:46.318Z","color":"#3B82F6","profile_image_id":null,"profile_image_uuid":null,"country_id":null,"country_label":null,"country_code":null}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'a7cd3f7b12935612b6547e399b73ec2a', '659cb7023c60480e7b94487300fab19a3ca4db34e28e16221f326136f2f0cd51', 1795870306338, '{"id":2,"uuid":"01a22236-2cc9-7a30-80d4-3f6191965f33","created_at":"2026-11-28T12:51:45.481Z","email":"jan@our.example","first_name":"Jan-Ole","last_name":null,"role":"partnerships","position":null,"email_verified":null,"disabled_at":null,"color":"#3B82F6","profile_image_id":null,"profile_image_uuid":null,"country_id":null,"country_label":null,"country_code":null}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '8f7d9fb17f04050960e0dae17e93585d', '4937757ae82251fc18b831b7ca777d035e64707d274f79a905e24485326540ad', 1795870306360, '{"id":1,"uuid":"01a22236-2cfc-77b6-bf66-6f24a1bd3464","label":"Gold","background_color":"#6B7280","text_color":"#FFFFFF","partner_type":null,"company_id":1,"archived_at":"2026-11-28T12:51:46.360Z"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '2c7e08f8d45c84c7e25b6f4ebf9d68dd', 'f1f1fa5cf9f58f8a0d4137412a6b208b266525999bf8a4e4d18f51b89b38a998', 1795870306376, '{"id":1,"uuid":"01a22236-2d10-7604-8260-31979bc11a2b","label":"Gold partners","partner_type":null,"company_id":1,"created_at":"2026-11-28T12:51:45.552Z","updated_at":"2026-11-28T12:51:46.376Z","archived_at":"2026-11-28T12:51:46.376Z"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '3f9e7ebee66f7220993e69190ccb2f57', 'd4bb5fa3e9b136e53122d6328832acc2c98fdef8513540e9dc4d7dddd1a0d28b', 1795870306404, '{"receipt":{"id":1,"uuid":"01a22236-2d56-7f78-a16b-81e9c9893e80","updated_at":"2026-11-28T12:51:46.404Z"},"whole":null,"version":3}', 22);
INSERT INTO public.idempotency_keys VALUES (1, 'import/01a22236-3086-7249-b2fa-676a37fe905e/0', '01a22236-3086-7249-b2fa-676a37fe905e', 1795870306474, '[{"index":0,"status":201,"id":14,"uuid":"01a22236-30aa-7fc2-929c-13b6c215715b","updated_at":"2026-11-28T12:51:46.474Z","version":1,"sequence":23},{"index":1,"status":400,"error":"Invalid email","details":[{"path":"/lead/email","message":"Invalid email (expected exactly one @ with text on both sides, no white space)"}]},{"index":2,"status":201,"id":15,"uuid":"01a22236-30aa-72ca-a733-9f267c86d870","updated_at":"2026-11-28T12:51:46.474Z","version":1,"sequence":24}]', 23);
INSERT INTO public.idempotency_keys VALUES (1, 'import/01a22236-30ee-7dd0-a6eb-4cd3ce42ca20/0', '01a22236-30ee-7dd0-a6eb-4cd3ce42ca20', 1795870306554, '[{"index":0,"status":201,"id":16,"uuid":"01a22236-30fa-7278-9c5c-ca5e16f986eb","updated_at":"2026-11-28T12:51:46.554Z","version":1,"sequence":25}]', 25);
INSERT INTO public.idempotency_keys VALUES (1, '807d58d83575ac53ac572c36b34fb80e', 'c9c7f5d49bb7233f92cd5eb4743b3a5b00adb9cfd32b1b812c559bf9d161ec33', 1795870306628, '{"id":1,"uuid":"01a22236-3144-78e0-acd1-c5618a0bc71e","user_uuid":"01a22236-1cfe-7e94-9d51-30b1d09a8eca","name":"New ones","shared":false,"layout":"table","query":{"status":["new"],"search":"Ærø"},"columns":["company_name","status"],"position":0,"created_at":"2026-11-28T12:51:46.628Z","updated_at":"2026-11-28T12:51:46.628Z"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, '5e7a3bb48740210a21ae08c94c03b4b1', 'be6b91e4dad91b5921d5e6b32b3ac590df45cc8b6f6b009362dcf76031fe0ac1', 1795870306640, '{"id":2,"uuid":"01a22236-3150-72ae-9255-9d5592fcc509","user_uuid":"01a22236-1cfe-7e94-9d51-30b1d09a8eca","name":"Board","shared":true,"layout":"board","query":{},"columns":[],"position":1,"created_at":"2026-11-28T12:51:46.640Z","updated_at":"2026-11-28T12:51:46.640Z"}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'dcf718e4999ac473facbe9971ccfb658', '938421c44681b9d32e33f10662d7bd5c5e415cff2d818e1a2c7d2f92b07395ef', 1795870310750, '{"receipt":{"id":1,"uuid":"01a22236-2d56-7f78-a16b-81e9c9893e80","updated_at":"2026-11-28T12:51:46.404Z"},"whole":null,"version":3}', NULL);
INSERT INTO public.idempotency_keys VALUES (1, 'f85527dcf43164beb0b80660962940b2', 'eb2c40f541958a631718df9d408c3a3f3c299dac724b12e93f7e56c04909aac1', 1795870310802, '{"receipt":{"id":1,"uuid":"01a22236-2d56-7f78-a16b-81e9c9893e80","updated_at":"2026-11-28T12:51:50.802Z"},"whole":null,"version":4}', 27);
INSERT INTO public.idempotency_keys VALUES (1, 'once-1', 'e1306f17d6445cb127e8931c05d2050a440e63d44d9c8c9b157a38f5795094f5', 1795870310829, '{"receipt":{"id":2,"uuid":"01a22236-2d67-75bf-86c9-c645512b3889","updated_at":"2026-11-28T12:51:50.829Z"},"whole":null,"version":5}', 28);
INSERT INTO public.import_rows VALUES (1, 1, 1, 'created', 14, 23, NULL);
INSERT INTO public.import_rows VALUES (1, 1, 2, 'failed', NULL, NULL, 'Invalid email (expected exactly one @ with text on both sides, no white space)');
INSERT INTO public.import_rows VALUES (1, 1, 3, 'created', 15, 24, NULL);
INSERT INTO public.import_rows VALUES (1, 2, 1, 'undone', 16, 25, NULL);
INSERT INTO public.imports VALUES (1, 1, '01a22236-3086-7249-b2fa-676a37fe905e', 1795870306438, 1795870306483, 1795870306483, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 'Größe.csv', '{"format":"csv","by":null,"mode":"create","blank":"keep","passedOver":[]}', false, 'done', NULL, 3, 2, 0, 0, 1, 0);
INSERT INTO public.imports VALUES (1, 2, '01a22236-30ee-7dd0-a6eb-4cd3ce42ca20', 1795870306542, 1795870306607, 1795870306560, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 'undone.csv', '{"format":"csv","by":null,"mode":"create","blank":"keep","passedOver":[]}', false, 'undone', NULL, 1, 1, 0, 0, 0, 1);
INSERT INTO public.integrations VALUES (1, 1, '01a22236-2a80-749a-99aa-acff1bc674d3', 1795870304923, 'CRM of the north', '[{"id":"lead_integration_settings","selected":[{"id":"unique_field_lead","value":"email"}]}]', '\x01c24e846794b40136e116c1689f162c7289eaf50f9491ebc9ad8ce69afefd4e8c37a10790d4b4573ac8', '\x019891f9834241922f3feae068813d0ca35ca7df18ad997ef6ab109edd1a0578fc89fb197ac95f9110cf6978e6d42a8951947eab9826aa85e33632173c35cd395753e8bf422a900e9303a4211d58a37e9f49cd1301');
INSERT INTO public.lead_details VALUES (1, 5, '{"powerups":{"a":["Ærø"]}}');
INSERT INTO public.leads VALUES (1, 6, '01a22236-2df7-7904-839c-72fe7f839324', 1795870305783, 1795870305783, 1, 6, 'manual', 'Nordlicht 5', NULL, NULL, NULL, NULL, 'new', 'referral', 1, NULL, NULL, '[]', '[]', '{"1": {"id": 11, "uuid": "01a22236-2df7-780b-b352-ef43901023f0", "value": "Text 5"}, "3": {"id": 12, "uuid": "01a22236-2df7-7dcb-af04-5a4102ac3999", "value": 6.25}}', NULL, NULL);
INSERT INTO public.leads VALUES (1, 7, '01a22236-2e0f-7ab4-bfef-57e72d3248e3', 1795870305807, 1795870305807, 1, 7, 'manual', 'Nordlicht 6', 'ada6@nordlicht.example', NULL, 'Ada', 'Bërg 6', 'new', 'referral', 1, NULL, NULL, '[1, 3]', '[2, 4]', '{"1": {"id": 13, "uuid": "01a22236-2e0f-7d18-ac5d-02f443d5e55c", "value": "Text 6"}, "3": {"id": 14, "uuid": "01a22236-2e0f-7f9a-92ae-dfdaf8eeffb8", "value": 7.5}}', NULL, NULL);
INSERT INTO public.leads VALUES (1, 8, '01a22236-2e22-7c47-898c-3c8b498249f0', 1795870305826, 1795870305826, 1, 8, 'manual', 'Nordlicht 7', NULL, NULL, NULL, NULL, 'new', 'referral', 1, NULL, NULL, '[]', '[]', '{"1": {"id": 15, "uuid": "01a22236-2e22-71d3-b533-305fa0ed39fa", "value": "Text 7"}, "3": {"id": 16, "uuid": "01a22236-2e22-723e-ad63-202c996435b7", "value": 8.75}}', NULL, NULL);
INSERT INTO public.leads VALUES (1, 9, '01a22236-2e38-7839-b3a0-a96c5d37de6f', 1795870305848, 1795870305848, 1, 9, 'manual', 'Nordlicht 8', 'ada8@nordlicht.example', NULL, 'Ada', 'Bërg 8', 'new', 'referral', 1, NULL, NULL, '[]', '[]', '{"1": {"id": 17, "uuid": "01a22236-2e38-71d5-8403-47ed82ed685e", "value": "Text 8"}, "3": {"id": 18, "uuid": "01a22236-2e38-7f2c-b96e-c541e8358568", "value": 10}}', NULL, NULL);
INSERT INTO public.leads VALUES (1, 10, '01a22236-2e4b-793f-9f1e-669d07e082fd', 1795870305867, 1795870305867, 1, 10, 'manual', 'Nordlicht 9', NULL, NULL, NULL, NULL, 'new', 'referral', 1, NULL, NULL, '[1, 3]', '[2, 4]', '{"1": {"id": 19, "uuid": "01a22236-2e4b-7068-9de3-79b9ab07e00c", "value": "Text 9"}, "3": {"id": 20, "uuid": "01a22236-2e4b-7c9c-9b08-8632b51be976", "value": 11.25}}', NULL, NULL);
INSERT INTO public.leads VALUES (1, 11, '01a22236-2e6e-7ea4-a3fb-ebbe4d6e1bf0', 1795870305902, 1795870305902, 1, 11, 'manual', 'Nordlicht 10', 'ada10@nordlicht.example', NULL, 'Ada', 'Bërg 10', 'new', 'referral', 1, NULL, NULL, '[]', '[]', '{"1": {"id": 21, "uuid": "01a22236-2e6e-7b9a-8443-b2d03f36768a", "value": "Text 10"}, "3": {"id": 22, "uuid": "01a22236-2e6e-70e6-9b28-d738cb82d461", "value": 12.5}}', NULL, NULL);
INSERT INTO public.leads VALUES (1, 12, '01a22236-2e93-7ba4-904b-9d2c89804821', 1795870305939, 1795870305939, 1, 12, 'manual', 'Nordlicht 11', NULL, NULL, NULL, NULL, 'new', 'referral', 1, NULL, NULL, '[]', '[]', '{"1": {"id": 23, "uuid": "01a22236-2e93-7562-9a23-09c4433247a4", "value": "Text 11"}, "3": {"id": 24, "uuid": "01a22236-2e93-7f5b-8d70-18e9d85374ff", "value": 13.75}}', NULL, NULL);
INSERT INTO public.leads VALUES (1, 14, '01a22236-30aa-7fc2-929c-13b6c215715b', 1795870306474, 1795870306474, 1, 23, 'manual', 'Ærø', 'one@import.example', NULL, NULL, NULL, 'new', 'referral', 1, NULL, NULL, '[]', '[]', '{}', 'i-1', NULL);
INSERT INTO public.leads VALUES (1, 3, '01a22236-2d98-76c6-92e0-f9d19d081f6b', 1795870305688, 1795870306013, 2, 16, 'manual', 'Nordlicht 2', 'ada2@nordlicht.example', NULL, 'Ada', 'Bërg 2', 'new', 'referral', 1, NULL, 1795870306013, '[]', '[]', '{"1": {"id": 5, "uuid": "01a22236-2d98-7ac5-ac9a-26a6f0e4f8cc", "value": "Text 2"}, "3": {"id": 6, "uuid": "01a22236-2d98-7af6-86f1-2dbb55e470f1", "value": 2.5}}', NULL, NULL);
INSERT INTO public.leads VALUES (1, 15, '01a22236-30aa-72ca-a733-9f267c86d870', 1795870306474, 1795870306474, 1, 24, 'manual', NULL, NULL, NULL, NULL, NULL, 'lost', 'referral', 1, NULL, NULL, '[]', '[]', '{}', 'i-3', NULL);
INSERT INTO public.leads VALUES (1, 4, '01a22236-2db9-746e-a6ca-0262599f77f1', 1795870305721, 1795870306050, 3, 18, 'manual', 'Nordlicht 3', NULL, NULL, NULL, NULL, 'new', 'referral', 1, NULL, NULL, '[1, 3]', '[2, 4]', '{"1": {"id": 7, "uuid": "01a22236-2db9-7b17-ac95-01c5f9c80060", "value": "Text 3"}, "3": {"id": 8, "uuid": "01a22236-2db9-729a-97bd-c5d1860d8db6", "value": 3.75}}', NULL, NULL);
INSERT INTO public.leads VALUES (1, 5, '01a22236-2dda-7a39-816c-5ff44c5acee0', 1795870305754, 1795870306071, 2, 19, 'manual', 'Nordlicht 4', 'ada4@nordlicht.example', NULL, 'Ada', 'Bërg 4', 'qualified', 'reseller', 1, NULL, NULL, '[]', '[]', '{"1": {"id": 9, "uuid": "01a22236-2dda-7ceb-a084-4269dcc9447e", "value": "Text 4"}, "3": {"id": 10, "uuid": "01a22236-2dda-7c03-a1be-2128f8e6306a", "value": 5}}', 'crm-4', NULL);
INSERT INTO public.leads VALUES (1, 13, '01a22236-2f17-79ea-a6bb-dd9865e6f018', 1795870306071, 1795870306071, 1, 21, 'manual', 'Of a batch', NULL, NULL, NULL, NULL, 'new', 'referral', 1, NULL, NULL, '[]', '[]', '{}', NULL, NULL);
INSERT INTO public.leads VALUES (1, 2, '01a22236-2d67-75bf-86c9-c645512b3889', 1795870305639, 1795870310829, 5, 28, 'manual', NULL, NULL, '+49 30 1234567', NULL, 'Only once', 'lost', 'referral', 1, NULL, NULL, '[2]', '[]', '{"1": {"id": 3, "uuid": "01a22236-2d67-7c12-a40c-ce1703c68475", "value": "Text 1"}, "3": {"id": 4, "uuid": "01a22236-2d67-780b-be86-56f837c2f618", "value": 1.25}}', NULL, NULL);
INSERT INTO public.leads VALUES (1, 16, '01a22236-30fa-7278-9c5c-ca5e16f986eb', 1795870306554, 1795870306602, 2, 26, 'manual', 'Undone', NULL, NULL, NULL, NULL, 'new', 'referral', 1, NULL, 1795870306602, '[]', '[]', '{}', NULL, NULL);
INSERT INTO public.leads VALUES (1, 1, '01a22236-2d56-7f78-a16b-81e9c9893e80', 1795870305622, 1795870310802, 4, 27, 'manual', 'Nordlicht 0', 'ada0@nordlicht.example', NULL, 'Ada', 'After all that', 'qualified', 'referral', 1, NULL, NULL, '[2, 1]', '[3]', '{"1": {"id": 1, "uuid": "01a22236-2d56-731e-8009-25a1d6b876ae", "value": "Text 0"}, "2": {"id": 25, "uuid": "01a22236-2ea8-7bb8-a471-3702b276a496", "value": "line\nbreak\t👩‍👩‍👧"}, "3": {"id": 2, "uuid": "01a22236-2d56-759f-b470-cd6dc5a81bcc", "value": 0}, "4": {"id": 26, "uuid": "01a22236-2ea8-7b8c-b272-bb441590cc92", "value": "2028-02-29"}, "5": {"id": 27, "uuid": "01a22236-2ea8-7954-888f-87e3f47eb0b5", "value": false}, "6": {"id": 28, "uuid": "01a22236-2ea8-77c6-ad18-29fa6346aeb5", "value": 3}, "7": {"id": 29, "uuid": "01a22236-2ea8-719a-ba52-222100a94f98", "value": [3, 1]}}', NULL, NULL);
INSERT INTO public.meta VALUES ('vault_probe', 'ASep0pcJpq2zazSBT2cjbzwmdasPNsGdyhXTFiVOsZShYrI=');
INSERT INTO public.migrations VALUES (1, 'companies, users, keys, definitions and their older rows, leads, events', '2026-11-28 12:51:41.322157+00');
INSERT INTO public.migrations VALUES (2, 'integrations, webhooks, deliveries', '2026-11-28 12:51:41.366233+00');
INSERT INTO public.migrations VALUES (3, 'processes share the endpoints', '2026-11-28 12:51:41.378444+00');
INSERT INTO public.migrations VALUES (4, 'leads keep what was sent along', '2026-11-28 12:51:41.3803+00');
INSERT INTO public.migrations VALUES (5, 'leads have external ids, and are found by e-mail', '2026-11-28 12:51:41.381929+00');
INSERT INTO public.migrations VALUES (6, 'imports and their rows', '2026-11-28 12:51:41.38411+00');
INSERT INTO public.migrations VALUES (7, 'tiers, categories, stages; numbers of options are given once', '2026-11-28 12:51:41.388556+00');
INSERT INTO public.migrations VALUES (8, 'saved views of the list of leads', '2026-11-28 12:51:41.395568+00');
INSERT INTO public.migrations VALUES (9, 'the order of custom fields', '2026-11-28 12:51:41.405917+00');
INSERT INTO public.migrations VALUES (10, 'leads can be erased', '2026-11-28 12:51:41.408192+00');
INSERT INTO public.older_definitions VALUES (1, 24, 0, 'tags', '{"company_id":1,"id":1,"uuid":"01a22236-2b72-70a6-9480-de60c69efc90","created_at":1795870305138,"label":"Hot","background_color":"#EF4444","text_color":"#FFFFFF","association":"lead","partner_type":null,"archived_at":null}');
INSERT INTO public.older_definitions VALUES (1, 25, 0, 'tags', '{"company_id":1,"id":3,"uuid":"01a22236-2bc5-7ebb-9d67-b374aa144d49","created_at":1795870305221,"label":"Of the fair","background_color":"#EF4444","text_color":"#FFFFFF","association":"lead","partner_type":null,"archived_at":null}');
INSERT INTO public.older_definitions VALUES (1, 26, 0, 'custom_fields', '{"company_id":1,"id":1,"uuid":"01a22236-2c01-75b1-9fc5-cad8b3b18ffe","created_at":1795870305281,"label":"A text","type":"text","category":"lead","partner_type":null,"required":false,"shared":false,"archived_at":null,"options_made":0,"position":0}');
INSERT INTO public.older_definitions VALUES (1, 27, 0, 'custom_fields', '{"company_id":1,"id":3,"uuid":"01a22236-2c31-73be-be5c-e784dbea841a","created_at":1795870305329,"label":"A number","type":"number","category":"lead","partner_type":null,"required":false,"shared":false,"archived_at":null,"options_made":0,"position":0}');
INSERT INTO public.older_definitions VALUES (1, 28, 0, 'custom_field_options', '{"company_id":1,"custom_field_id":6,"id":3,"label":"None","archived_at":null}');
INSERT INTO public.older_definitions VALUES (1, 29, 0, 'custom_field_options', '{"company_id":1,"custom_field_id":6,"id":1,"label":"High","archived_at":null}');
INSERT INTO public.older_definitions VALUES (1, 30, 0, 'users', '{"company_id":1,"id":4,"uuid":"01a22236-2ce8-7452-a0ed-26132266dbec","created_at":1795870305512,"email":"gone@our.example","first_name":"gone","last_name":null,"role":"partner","position":null,"color":"#3B82F6","email_verified":null,"disabled_at":null}');
INSERT INTO public.older_definitions VALUES (1, 31, 0, 'users', '{"company_id":1,"id":2,"uuid":"01a22236-2cc9-7a30-80d4-3f6191965f33","created_at":1795870305481,"email":"jan@our.example","first_name":"jan","last_name":null,"role":"partnerships","position":null,"color":"#3B82F6","email_verified":null,"disabled_at":null}');
INSERT INTO public.older_definitions VALUES (1, 32, 0, 'tiers', '{"company_id":1,"id":1,"uuid":"01a22236-2cfc-77b6-bf66-6f24a1bd3464","created_at":1795870305532,"label":"Gold","background_color":"#6B7280","text_color":"#FFFFFF","partner_type":null,"archived_at":null}');
INSERT INTO public.older_definitions VALUES (1, 33, 0, 'categories', '{"company_id":1,"id":1,"uuid":"01a22236-2d10-7604-8260-31979bc11a2b","created_at":1795870305552,"updated_at":1795870305552,"label":"Gold partners","partner_type":null,"archived_at":null}');
INSERT INTO public.saved_views VALUES (1, 1, '01a22236-3144-78e0-acd1-c5618a0bc71e', 1795870306628, 1795870306628, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 'New ones', false, 'table', '{"search": "Ærø", "status": ["new"]}', '["company_name", "status"]', 0);
INSERT INTO public.saved_views VALUES (1, 2, '01a22236-3150-72ae-9255-9d5592fcc509', 1795870306640, 1795870306640, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 'Board', true, 'board', '{}', '[]', 1);
INSERT INTO public.stages VALUES (1, 1, '01a22236-2d35-75f9-9948-5ff49e198494', 1795870305589, 'partner', 'Onboarding', 1, 'active', 'referral', NULL);
INSERT INTO public.stages VALUES (1, 2, '01a22236-2d45-73fb-8e33-1139f844bbad', 1795870305605, 'lead_deal', 'Proposal', 1, 'negotiation', NULL, NULL);
INSERT INTO public.tags VALUES (1, 2, '01a22236-2b98-775a-8c87-18a09bdf2ee2', 1795870305176, 'Cold', '#EF4444', '#FFFFFF', 'lead', NULL, NULL);
INSERT INTO public.tags VALUES (1, 4, '01a22236-2bdd-77b7-b993-f6895f6ad637', 1795870305245, 'Large', '#6B7280', '#FFFFFF', 'lead_deal', 'reseller', NULL);
INSERT INTO public.tags VALUES (1, 1, '01a22236-2b72-70a6-9480-de60c69efc90', 1795870305138, 'Very hot', '#F59E0B', '#FFFFFF', 'lead', NULL, NULL);
INSERT INTO public.tags VALUES (1, 3, '01a22236-2bc5-7ebb-9d67-b374aa144d49', 1795870305221, 'Of the fair', '#EF4444', '#FFFFFF', 'lead', NULL, 1795870306220);
INSERT INTO public.tiers VALUES (1, 2, '01a22236-2d1d-74f4-a27e-12e637f5dc4c', 1795870305565, 'Silver', '#6B7280', '#FFFFFF', NULL, NULL);
INSERT INTO public.tiers VALUES (1, 1, '01a22236-2cfc-77b6-bf66-6f24a1bd3464', 1795870305532, 'Gold', '#6B7280', '#FFFFFF', NULL, 1795870306360);
INSERT INTO public.users VALUES (1, 1, '01a22236-1cfe-7e94-9d51-30b1d09a8eca', 1795870301438, 'eva@our.example', NULL, NULL, 'admin', NULL, NULL, 1795870301438, NULL);
INSERT INTO public.users VALUES (1, 3, '01a22236-2cd3-7789-bd04-de3e615b68da', 1795870305491, 'kim@our.example', 'kim', NULL, 'partner', NULL, '#3B82F6', NULL, NULL);
INSERT INTO public.users VALUES (1, 4, '01a22236-2ce8-7452-a0ed-26132266dbec', 1795870305512, 'gone@our.example', 'gone', NULL, 'partner', NULL, '#3B82F6', NULL, 1795870306318);
INSERT INTO public.users VALUES (1, 2, '01a22236-2cc9-7a30-80d4-3f6191965f33', 1795870305481, 'jan@our.example', 'Jan-Ole', NULL, 'partnerships', NULL, '#3B82F6', NULL, NULL);
INSERT INTO public.webhooks VALUES (1, 3, '01a22236-2b08-7e61-ad3b-93681b28e902', 1, 1795870305051, 1795870305072, 'https://hooks.our.example/waggle', '["lead_updated"]', '["status","tags"]', NULL, 'paused', NULL, '\x0117b7d88f4acaf368fdc10346bc18da1dda432bb2f39e06c3384d5f1adbecd08f35671835cb6f4591204b055eb3abdfb4d5a6ea280120f5b78c73a3d19b94803f0922', NULL, NULL, 2, 0, 1, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.webhooks VALUES (1, 1, '01a22236-2aaf-7c33-b268-9fe0171fcd3e', 1, 1795870304951, 1795870306650, 'http://127.0.0.1:37885/good', NULL, NULL, 'Takes all', 'active', NULL, '\x012ee9bab4cafa5e5178b612ac5b6f89742a4830747693e10b7bf2338a0d104745eedca128e0fb398c12b8d1771d8529e2a155d4754d44d84c30ba6e2db06abf53231a', '\x01cf6049a6599ffccb3a53d887d148c85404aaabaea1d3b70e5314e0e05a8bfad5ae2ffac334136164356a3f30b0ebe1c37ec465169b9c74dbda8a5a6bae1f8a7e1060', 1795956706650, 2, 28, 1, 0, 0, NULL, 1795870310890, 200, 1795870310953, NULL, '01a22236-4087-7c5b-a38d-9a0058b76871');
INSERT INTO public.webhooks VALUES (1, 2, '01a22236-2ae0-7282-b66d-d775f20463fb', 1, 1795870305018, 1795870305018, 'http://127.0.0.1:37885/bad', NULL, NULL, NULL, 'active', NULL, '\x01f3db430d2014251234f8c5f22331a851fb83cddc2efca34d140ffd45f448b5393c89a110b483b8876e74f4c436ac005f743c788485c47b5754d32f2b3799b4622844', NULL, NULL, 1, 28, 1, 0, 0, 1795870305670, 1795870310898, 500, NULL, NULL, '01a22236-4087-7c5b-a38d-9a0058b76871');
INSERT INTO waggle_auth.account VALUES ('ohCPd969BUyBZpJyrbozLvonamhNrKiB', 'VMJimX4bKSZ6ckB8ypza6yejdviyS7Ug', 'credential', 'VMJimX4bKSZ6ckB8ypza6yejdviyS7Ug', NULL, NULL, NULL, NULL, NULL, NULL, 'scrypt$16384$8$5$049780b665baa9d25bda5795718f90bd$2b0173defca7dbf76224a193b8dc70df778443dacaca64d9bf6bf056c7f4295c20fb44cd7bd98ea6daa1c2b160e814ddfb3dd834d9753856d238034ecc9b1639', '2026-11-28 12:51:44.477+00', '2026-11-28 12:51:44.477+00');
INSERT INTO waggle_auth.session VALUES ('HHAEgZdCt6J0CufQGcn1snHkNu6WbMwT', '2026-12-05 12:51:44.866+00', 'JKnX7poePRDtjg5ItOEM4yVRKYXfGsKF', '2026-11-28 12:51:44.866+00', '2026-11-28 12:51:44.866+00', '', '', 'VMJimX4bKSZ6ckB8ypza6yejdviyS7Ug');
INSERT INTO waggle_auth."user" VALUES ('VMJimX4bKSZ6ckB8ypza6yejdviyS7Ug', '01a22236-1cfe-7e94-9d51-30b1d09a8eca', '01a22236-1cfe-7e94-9d51-30b1d09a8eca@users.waggle.invalid', true, NULL, '2026-11-28 12:51:44.192+00', '2026-11-28 12:51:44.192+00', 1, '01a22236-1cfe-7e94-9d51-30b1d09a8eca');
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
CREATE INDEX leads_erased ON public.leads USING btree (erasure) WHERE (erasure IS NOT NULL);
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
