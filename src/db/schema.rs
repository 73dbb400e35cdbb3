//! The tables as both databases hold them; a test compares this with the migrated schemas.

diesel::table! {
    operators (id) {
        id -> BigInt,
        legal_name -> Text,
        short_name -> Text,
        country -> Text,
        time_zone -> Text,
        inn -> Text,
        kpp -> Text,
        ogrn -> Text,
        address -> Text,
        email -> Text,
        phone -> Text,
        bank_name -> Text,
        bank_bic -> Text,
        bank_account -> Text,
        bank_corr_account -> Text,
        director -> Text,
        accountant -> Text,
        vat_payer -> Bool,
        locale -> Text,
    }
}

diesel::table! {
    tenants (id) {
        id -> BigInt,
        kind -> Text,
        name -> Text,
        name_folded -> Text,
        inn -> Text,
        kpp -> Text,
        ogrn -> Text,
        address -> Text,
        email -> Text,
        phone -> Text,
        contact -> Text,
        bank_details -> Text,
        registry_number -> Text,
        registry_date -> Nullable<Date>,
        locale -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
        redundancy -> Text,
    }
}

diesel::table! {
    users (id) {
        id -> BigInt,
        email -> Text,
        name -> Text,
        role -> Text,
        tenant_id -> Nullable<BigInt>,
        password_hash -> Nullable<Text>,
        locale -> Text,
        theme -> Text,
        active -> Bool,
        session_epoch -> BigInt,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
        signed_in_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sessions (token_hash) {
        token_hash -> Text,
        state -> Text,
        user_id -> Nullable<BigInt>,
        expires_at -> BigInt,
    }
}

diesel::table! {
    sign_in_attempts (id) {
        id -> BigInt,
        email -> Text,
        address -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    user_tokens (token_hash) {
        token_hash -> Text,
        user_id -> BigInt,
        kind -> Text,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    api_tokens (id) {
        id -> BigInt,
        token_hash -> Text,
        prefix -> Text,
        name -> Text,
        kind -> Text,
        user_id -> Nullable<BigInt>,
        role -> Nullable<Text>,
        tenant_id -> Nullable<BigInt>,
        scopes -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
        expires_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        revoked_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    once_keys (owner, once_key) {
        owner -> Text,
        once_key -> Text,
        digest -> Text,
        status -> BigInt,
        location -> Nullable<Text>,
        body -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    trail (chain, seq) {
        chain -> BigInt,
        seq -> BigInt,
        at -> BigInt,
        user_id -> Nullable<BigInt>,
        action -> Text,
        noun -> Text,
        noun_id -> BigInt,
        before_state -> Text,
        after_state -> Text,
        previous_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    mails (id) {
        id -> BigInt,
        kind -> Text,
        to_address -> Text,
        locale -> Text,
        subject -> Text,
        body -> Text,
        invoice_id -> Nullable<BigInt>,
        tenant_id -> Nullable<BigInt>,
        state -> Text,
        attempts -> Integer,
        next_at -> BigInt,
        last_error -> Text,
        created_at -> BigInt,
        sent_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt,
        kind -> Text,
        subject_id -> BigInt,
        detail -> Text,
        state -> Text,
        attempts -> Integer,
        run_at -> BigInt,
        leased_until -> BigInt,
        last_error -> Text,
        created_at -> BigInt,
        failures -> Integer,
    }
}

diesel::table! {
    sites (id) {
        id -> BigInt,
        code -> Text,
        name -> Text,
        region_code -> Text,
        address -> Text,
        time_zone -> Text,
        hold_hours -> BigInt,
        plan_id -> Nullable<BigInt>,
        created_at -> BigInt,
        redundancy -> Text,
    }
}

diesel::table! {
    halls (id) {
        id -> BigInt,
        site_id -> BigInt,
        name -> Text,
        width -> Nullable<BigInt>,
        depth -> Nullable<BigInt>,
        offered -> Text,
    }
}

diesel::table! {
    hall_offers (hall_id, tenant_id) {
        hall_id -> BigInt,
        tenant_id -> BigInt,
        site_id -> BigInt,
    }
}

diesel::table! {
    rack_rows (id) {
        id -> BigInt,
        site_id -> BigInt,
        hall_id -> BigInt,
        name -> Text,
    }
}

diesel::table! {
    power_nodes (id) {
        id -> BigInt,
        site_id -> BigInt,
        parent_id -> Nullable<BigInt>,
        kind -> Text,
        name -> Text,
        rating_watts -> Nullable<BigInt>,
        volts -> Nullable<Text>,
        amps -> Nullable<Text>,
        leg -> Nullable<Text>,
        usable -> Text,
    }
}

diesel::table! {
    cooling_zones (id) {
        id -> BigInt,
        site_id -> BigInt,
        name -> Text,
        kind -> Text,
        spare_units -> BigInt,
    }
}

diesel::table! {
    cooling_units (id) {
        id -> BigInt,
        site_id -> BigInt,
        zone_id -> BigInt,
        name -> Text,
        watts -> BigInt,
    }
}

diesel::table! {
    zone_deratings (zone_id, month) {
        site_id -> BigInt,
        zone_id -> BigInt,
        month -> Integer,
        factor -> Text,
    }
}

diesel::table! {
    racks (id) {
        id -> BigInt,
        site_id -> BigInt,
        hall_id -> BigInt,
        row_id -> BigInt,
        name -> Text,
        name_folded -> Text,
        kind -> Text,
        slots -> BigInt,
        limit_watts -> BigInt,
        phase -> Text,
        feed_a -> BigInt,
        feed_b -> Nullable<BigInt>,
        zone_id -> BigInt,
        x -> Nullable<BigInt>,
        y -> Nullable<BigInt>,
        turn -> Nullable<BigInt>,
    }
}

diesel::table! {
    outages (id) {
        id -> BigInt,
        site_id -> BigInt,
        node_id -> BigInt,
        from_date -> Date,
        to_date -> Date,
        reason -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
        cancelled_at -> Nullable<BigInt>,
        cancelled_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    restrictions (id) {
        id -> BigInt,
        region_code -> Text,
        region_name -> Text,
        workload -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        season_from -> Nullable<Text>,
        season_to -> Nullable<Text>,
        status -> Text,
        note -> Text,
    }
}

diesel::table! {
    machine_models (id) {
        id -> BigInt,
        maker -> Text,
        model -> Text,
        folded -> Text,
        hashrate_th -> Text,
        watts -> BigInt,
        cooling -> Text,
        supply -> Nullable<Text>,
        note -> Text,
    }
}

diesel::table! {
    requests (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        site_id -> BigInt,
        hall_id -> Nullable<BigInt>,
        model_id -> Nullable<BigInt>,
        model_name -> Text,
        workload -> Text,
        cooling -> Text,
        supply -> Text,
        units -> BigInt,
        watts_each -> BigInt,
        from_date -> Date,
        to_date -> Nullable<Date>,
        reasons -> Text,
        available_units -> BigInt,
        binding -> Text,
        state -> Text,
        answer -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
        closed_at -> Nullable<BigInt>,
        closed_by -> Nullable<BigInt>,
        parts -> Text,
    }
}

diesel::table! {
    reservations (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        site_id -> BigInt,
        hall_id -> Nullable<BigInt>,
        model_id -> Nullable<BigInt>,
        model_name -> Text,
        workload -> Text,
        cooling -> Text,
        supply -> Text,
        units -> BigInt,
        watts_each -> BigInt,
        from_date -> Date,
        to_date -> Nullable<Date>,
        state -> Text,
        hold_until -> BigInt,
        assigned_at -> Nullable<BigInt>,
        assigned_by -> Nullable<BigInt>,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
        cancelled_at -> Nullable<BigInt>,
        cancelled_by -> Nullable<BigInt>,
        bundle_id -> Nullable<BigInt>,
        slots_each -> Text,
        two_feeds -> Bool,
        rack_range -> Nullable<Text>,
        redundancy -> Text,
    }
}

diesel::table! {
    bundles (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        site_id -> BigInt,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    allocations (id) {
        id -> BigInt,
        reservation_id -> BigInt,
        tenant_id -> BigInt,
        site_id -> BigInt,
        rack_id -> BigInt,
        leg -> Nullable<Text>,
        units -> BigInt,
        from_date -> Nullable<Date>,
        to_date -> Nullable<Date>,
    }
}

diesel::table! {
    machines (id) {
        id -> BigInt,
        site_id -> BigInt,
        tenant_id -> BigInt,
        reservation_id -> Nullable<BigInt>,
        model_id -> Nullable<BigInt>,
        model_name -> Text,
        model_folded -> Text,
        serial -> Text,
        serial_folded -> Text,
        watts -> BigInt,
        cooling -> Text,
        supply -> Text,
        state -> Text,
        rack_id -> Nullable<BigInt>,
        slot -> Nullable<BigInt>,
        leg -> Nullable<Text>,
        note -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
        changed_at -> BigInt,
        changed_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    leases (id) {
        id -> BigInt,
        number -> Text,
        reservation_id -> BigInt,
        tenant_id -> BigInt,
        site_id -> BigInt,
        plan_id -> BigInt,
        start_date -> Date,
        end_date -> Nullable<Date>,
        payment_days -> BigInt,
        notice_days -> BigInt,
        billing_email -> Text,
        signed_at -> BigInt,
        signed_by -> Nullable<BigInt>,
        notice_at -> Nullable<BigInt>,
        notice_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    lease_terms (lease_id, from_date) {
        lease_id -> BigInt,
        from_date -> Date,
        contracted_watts -> BigInt,
    }
}

diesel::table! {
    lease_events (id) {
        id -> BigInt,
        lease_id -> BigInt,
        tenant_id -> BigInt,
        site_id -> BigInt,
        from_at -> BigInt,
        to_at -> BigInt,
        watts -> BigInt,
        cause -> Text,
        note -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
        removed_at -> Nullable<BigInt>,
        removed_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    meters (id) {
        id -> BigInt,
        site_id -> BigInt,
        code -> Text,
        rack_id -> Nullable<BigInt>,
        lease_id -> Nullable<BigInt>,
        from_date -> Date,
        to_date -> Nullable<Date>,
        note -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
        node_id -> Nullable<BigInt>,
        zone_id -> Nullable<BigInt>,
        purpose -> Text,
        reads -> Text,
        exchange_code -> Nullable<Text>,
    }
}

diesel::table! {
    meter_devices (id) {
        id -> BigInt,
        meter_id -> BigInt,
        site_id -> BigInt,
        serial -> Text,
        from_at -> BigInt,
        to_at -> Nullable<BigInt>,
        digits -> BigInt,
        unit_wh -> BigInt,
        ratio -> BigInt,
        accuracy -> Text,
        rated_watts -> Nullable<BigInt>,
        initial_wh -> Nullable<BigInt>,
        final_wh -> Nullable<BigInt>,
        verified_until -> Nullable<Date>,
        note -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    register_readings (meter_id, at) {
        meter_id -> BigInt,
        at -> BigInt,
        wh -> BigInt,
        state -> Text,
        import_id -> BigInt,
    }
}

diesel::table! {
    register_corrections (id) {
        id -> BigInt,
        meter_id -> BigInt,
        site_id -> BigInt,
        reading_at -> BigInt,
        old_wh -> BigInt,
        new_wh -> BigInt,
        old_import_id -> BigInt,
        new_import_id -> BigInt,
        reason -> Text,
        at -> BigInt,
        by_user -> Nullable<BigInt>,
    }
}

diesel::table! {
    quarantine (id) {
        id -> BigInt,
        site_id -> Nullable<BigInt>,
        meter_id -> Nullable<BigInt>,
        code -> Text,
        start_at -> BigInt,
        end_at -> BigInt,
        wh -> BigInt,
        zone -> Text,
        why -> Text,
        state -> Text,
        import_id -> BigInt,
        received_at -> BigInt,
        decided_at -> Nullable<BigInt>,
        decided_by -> Nullable<BigInt>,
        reason -> Text,
    }
}

diesel::table! {
    technical_losses (node_id) {
        node_id -> BigInt,
        site_id -> BigInt,
        percent -> Text,
    }
}

diesel::table! {
    lease_days (lease_id, day) {
        lease_id -> BigInt,
        day -> Date,
        wh -> BigInt,
        estimated_wh -> BigInt,
        intervals -> Binary,
    }
}

diesel::table! {
    meter_days (meter_id, day) {
        meter_id -> BigInt,
        day -> Date,
        wh -> BigInt,
        estimated_wh -> BigInt,
        seconds -> BigInt,
        intervals -> Nullable<Binary>,
    }
}

diesel::table! {
    readings (meter_id, start_at) {
        meter_id -> BigInt,
        start_at -> BigInt,
        end_at -> BigInt,
        wh -> BigInt,
        estimated -> Bool,
        import_id -> BigInt,
        method -> Integer,
    }
}

diesel::table! {
    reading_corrections (id) {
        id -> BigInt,
        meter_id -> BigInt,
        site_id -> BigInt,
        start_at -> BigInt,
        end_at -> BigInt,
        old_wh -> BigInt,
        new_wh -> BigInt,
        old_estimated -> Bool,
        new_estimated -> Bool,
        old_import_id -> BigInt,
        new_import_id -> BigInt,
        reason -> Text,
        after_issue -> Bool,
        at -> BigInt,
        by_user -> Nullable<BigInt>,
    }
}

diesel::table! {
    imports (id) {
        id -> BigInt,
        kind -> Text,
        site_id -> Nullable<BigInt>,
        file_name -> Text,
        file_hash -> Text,
        file_bytes -> BigInt,
        keep -> Text,
        state -> Text,
        phase -> Text,
        bytes_done -> BigInt,
        rows_done -> BigInt,
        rows_new -> BigInt,
        rows_same -> BigInt,
        rows_corrected -> BigInt,
        rows_bad -> BigInt,
        error -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
        finished_at -> Nullable<BigInt>,
        source_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    import_chunks (import_id, seq) {
        import_id -> BigInt,
        seq -> BigInt,
        content -> Binary,
    }
}

diesel::table! {
    import_errors (import_id, seq) {
        import_id -> BigInt,
        seq -> BigInt,
        line -> BigInt,
        column_name -> Text,
        value -> Text,
        reason -> Text,
    }
}

diesel::table! {
    message_numbers (sender, area, day) {
        sender -> Text,
        area -> Text,
        day -> Date,
        number -> BigInt,
        import_id -> BigInt,
    }
}

diesel::table! {
    lease_months (lease_id, month) {
        lease_id -> BigInt,
        month -> Text,
        tenant_id -> BigInt,
        site_id -> BigInt,
        stale -> Bool,
        computed_at -> BigInt,
        wh -> BigInt,
        estimated_wh -> BigInt,
        last_reading_at -> Nullable<BigInt>,
        last_watts -> BigInt,
        currency -> Text,
        net -> BigInt,
        vat -> BigInt,
        total -> BigInt,
        forecast_total -> BigInt,
        blockers -> Text,
        plan -> Text,
    }
}

diesel::table! {
    plans (id) {
        id -> BigInt,
        name -> Text,
        currency -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    plan_versions (id) {
        id -> BigInt,
        plan_id -> BigInt,
        effective_from -> Date,
        terms -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
        published_at -> Nullable<BigInt>,
        published_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    vat_rates (id) {
        id -> BigInt,
        country -> Text,
        category -> Text,
        rate -> Text,
        effective_from -> Date,
    }
}

diesel::table! {
    charges (id) {
        id -> BigInt,
        lease_id -> BigInt,
        tenant_id -> BigInt,
        site_id -> BigInt,
        date -> Date,
        description -> Text,
        quantity -> Text,
        unit_price -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
        removed_at -> Nullable<BigInt>,
        removed_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    billing_runs (id) {
        id -> BigInt,
        month -> Text,
        state -> Text,
        total -> BigInt,
        done -> BigInt,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
        issued_at -> Nullable<BigInt>,
        issued_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    document_counters (series, year) {
        series -> Text,
        year -> Integer,
        last -> BigInt,
    }
}

diesel::table! {
    invoices (id) {
        id -> BigInt,
        number -> Text,
        year -> Integer,
        seq -> BigInt,
        run_id -> BigInt,
        lease_id -> BigInt,
        tenant_id -> BigInt,
        site_id -> BigInt,
        tenant_folded -> Text,
        month -> Text,
        currency -> Text,
        issue_date -> Date,
        due_date -> Date,
        net -> BigInt,
        vat_rate -> Text,
        vat -> BigInt,
        total -> BigInt,
        wh -> BigInt,
        estimated_wh -> BigInt,
        document -> Text,
        inputs -> Text,
        issued_at -> BigInt,
        issued_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    invoice_lines (invoice_id, line) {
        invoice_id -> BigInt,
        line -> Integer,
        kind -> Text,
        net -> BigInt,
    }
}

diesel::table! {
    payments (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        date -> Date,
        amount -> BigInt,
        currency -> Text,
        reference -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    payment_parts (id) {
        id -> BigInt,
        payment_id -> BigInt,
        invoice_id -> BigInt,
        tenant_id -> BigInt,
        amount -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    payment_reversals (payment_id) {
        payment_id -> BigInt,
        tenant_id -> BigInt,
        date -> Date,
        reason -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    ledger_transactions (id) {
        id -> BigInt,
        date -> Date,
        kind -> Text,
        document_id -> BigInt,
        currency -> Text,
        posted_at -> BigInt,
        posted_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    ledger_entries (transaction_id, line) {
        transaction_id -> BigInt,
        line -> Integer,
        account -> Text,
        tenant_id -> Nullable<BigInt>,
        amount -> BigInt,
    }
}

diesel::table! {
    site_climates (site_id) {
        site_id -> BigInt,
        altitude -> BigInt,
        source -> Text,
    }
}

diesel::table! {
    design_months (site_id, month) {
        site_id -> BigInt,
        month -> Integer,
        dry_bulb -> Text,
        humidity -> Nullable<Text>,
        wet_bulb -> Nullable<Text>,
    }
}

diesel::table! {
    zone_designs (zone_id) {
        zone_id -> BigInt,
        site_id -> BigInt,
        rejection -> Text,
        approach -> Text,
        curve -> Text,
        airflow -> BigInt,
        exhaust -> Text,
    }
}

diesel::table! {
    conflicts (id) {
        id -> BigInt,
        site_id -> BigInt,
        reservation_id -> BigInt,
        tenant_id -> BigInt,
        kind -> Text,
        resource_id -> BigInt,
        resource_name -> Text,
        leg -> Nullable<Text>,
        from_date -> Date,
        to_date -> Nullable<Date>,
        excess -> BigInt,
        own -> BigInt,
        cause_noun -> Text,
        cause_id -> BigInt,
        cause_words -> Text,
        opened_at -> BigInt,
        opened_by -> Nullable<BigInt>,
        resolved_at -> Nullable<BigInt>,
        resolved_by -> Nullable<BigInt>,
        resolution -> Nullable<Text>,
    }
}

diesel::table! {
    alarm_rules (site_id, kind) {
        site_id -> BigInt,
        kind -> Text,
        enabled -> Bool,
        raise -> BigInt,
        clear -> BigInt,
        hold_seconds -> BigInt,
        calm_seconds -> BigInt,
        recipients -> Text,
    }
}

diesel::table! {
    alarm_watches (site_id, kind, subject) {
        site_id -> BigInt,
        kind -> Text,
        subject -> Text,
        watch -> Text,
    }
}

diesel::table! {
    incidents (id) {
        id -> BigInt,
        site_id -> BigInt,
        kind -> Text,
        subject -> Text,
        label -> Text,
        raised_at -> BigInt,
        cleared_at -> Nullable<BigInt>,
        value -> BigInt,
        raise -> BigInt,
        acknowledged_at -> Nullable<BigInt>,
        acknowledged_by -> Nullable<BigInt>,
        note -> Text,
    }
}

diesel::table! {
    webhooks (id) {
        id -> BigInt,
        site_id -> BigInt,
        url -> Text,
        secret -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    webhook_deliveries (id) {
        id -> BigInt,
        site_id -> BigInt,
        webhook_id -> BigInt,
        delivery_key -> Text,
        event -> Text,
        incident_id -> Nullable<BigInt>,
        body -> Text,
        state -> Text,
        attempts -> Integer,
        next_at -> BigInt,
        give_up_at -> BigInt,
        last_error -> Text,
        created_at -> BigInt,
        sent_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    reading_sources (id) {
        id -> BigInt,
        site_id -> BigInt,
        kind -> Text,
        name -> Text,
        enabled -> Bool,
        protocol -> Text,
        address -> Text,
        tls -> Bool,
        username -> Text,
        password -> Text,
        client_prefix -> Text,
        topic_filter -> Text,
        share_group -> Text,
        mapping -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    reading_source_slots (source_id, slot) {
        source_id -> BigInt,
        slot -> BigInt,
        holder -> Text,
        held_until -> BigInt,
        subscribed -> Text,
        connected_at -> Nullable<BigInt>,
        last_message_at -> Nullable<BigInt>,
        last_error -> Text,
        error_at -> Nullable<BigInt>,
        messages -> BigInt,
        rows_new -> BigInt,
        rows_same -> BigInt,
        rows_corrected -> BigInt,
        rows_waiting -> BigInt,
        refused -> BigInt,
        import_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    reading_source_refusals (id) {
        id -> BigInt,
        source_id -> BigInt,
        at -> BigInt,
        topic -> Text,
        payload -> Text,
        reason -> Text,
    }
}

/// Tables that a query may name together, pair by pair: all pairs of all tables are twenty thousand
/// impls, and every build pays for them.
macro_rules! appear_together {
    ($($left:ident: $($right:ident),+;)+) => {
        $($(diesel::allow_tables_to_appear_in_same_query!($left, $right);)+)+
    };
}

appear_together! {
    tenants: users, api_tokens, sites, racks, requests, reservations, allocations, machines, leases, charges, invoices, payments, payment_reversals, ledger_transactions, ledger_entries, conflicts;
    users: trail, meters, register_corrections, reading_corrections;
    sites: racks, requests, reservations, machines, leases, conflicts, incidents;
    halls: hall_offers, rack_rows, racks, allocations;
    rack_rows: racks, allocations;
    power_nodes: racks, leases, meters;
    cooling_zones: racks;
    cooling_units: racks;
    zone_deratings: racks;
    racks: reservations, allocations, machines, leases, meters;
    reservations: allocations, leases, conflicts;
    allocations: leases, lease_events;
    leases: lease_events, meters, charges, invoices, conflicts;
    meters: reading_corrections;
    imports: import_chunks;
    plans: plan_versions;
    reading_sources: reading_source_slots;
    payments: payment_parts, payment_reversals;
    payment_parts: payment_reversals;
    ledger_transactions: ledger_entries;
    webhooks: webhook_deliveries;
}
