//! The contract of the store: every test runs on SQLite in memory, on a SQLite file and on
//! PostgreSQL, each time in a database of its own migrated from zero.
//!
//! PostgreSQL is found through `MOTCUA_TEST_POSTGRES`, the address of a database in which tests may
//! make schemas. Without it those tests say that they were skipped, and fail when `CI` is set.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod accounts;
mod alerts;
mod appending;
mod catalogue;
mod certificates;
mod checking;
mod counting;
mod course;
mod delegations;
mod drafts;
mod engines;
mod files;
mod finding;
mod local_signing;
mod model;
mod notices;
mod office;
mod outbox;
mod owned;
mod parties;
mod post_records;
mod register;
mod results;
mod samples;
mod seal_keys;
mod searching;
mod settings;
mod signing;
mod slips;
mod surviving;
mod tasks;
mod texts;
mod together;
mod validations;
mod watching;
mod world;

/// Makes a test of each function for each engine.
macro_rules! contract {
    ($($module:ident: $($test:ident)+;)+) => {
        contract!(@engine sqlite_memory, SqliteMemory, $($module: $($test)+;)+);
        contract!(@engine sqlite_file, SqliteFile, $($module: $($test)+;)+);
        contract!(@engine postgres, Postgres, $($module: $($test)+;)+);
    };
    (@engine $name:ident, $kind:ident, $($module:ident: $($test:ident)+;)+) => {
        mod $name {
            $($(
                #[tokio::test]
                async fn $test() {
                    if let Some(bench) = crate::engines::open(crate::engines::Kind::$kind).await {
                        crate::$module::$test(&bench.store).await;
                        bench.clear().await;
                    }
                }
            )+)+
        }
    };
}

contract! {
    appending:
        a_dossier_is_read_back_as_it_was_written
        appending_to_a_stale_version_changes_nothing
        of_twenty_racing_writers_one_wins_and_nineteen_are_stale
        a_repeated_request_is_answered_as_the_first_time
        the_same_request_twice_at_once_is_carried_out_once
        fifty_receptions_at_once_get_the_numbers_one_to_fifty
        a_refusal_gives_its_number_back
        writes_with_the_same_persons_do_not_wait_crosswise
        a_write_that_the_server_undid_is_run_again
        of_two_filings_of_one_draft_one_is_written
        many_batches_are_written_together_or_not_at_all
        bulk_writers_beside_each_other_share_a_book
        a_history_brought_in_at_once_is_as_if_lived
        sequences_are_raised_and_never_lowered
        a_failed_write_harms_no_neighbour
        an_unprepared_database_is_known;
    together:
        two_dossiers_move_together_and_once
        of_two_dossiers_none_moves_when_one_cannot;
    outbox:
        a_message_is_claimed_by_one_worker_until_its_lease_ends
        workers_of_their_own_take_messages_of_their_kinds
        a_message_comes_again_until_it_is_finished
        a_buried_message_waits_for_a_person
        a_message_of_a_refused_write_does_not_exist;
    post_records:
        a_record_is_signed_with_everything_on_it_or_not_at_all
        a_record_that_is_gone_hands_nothing_over
        what_waits_no_more_is_struck_when_its_record_is_signed
        of_signing_and_taking_back_at_once_one_is_done
        what_was_filed_is_listed_once_and_a_supplement_once_a_request
        a_letter_that_a_clerk_opened_is_no_agent_s;
    counting:
        late_is_by_what_was_published_first_and_corrections_are_beside;
    register:
        receptions_are_numbered_in_their_order
        fifty_receptions_at_once_leave_no_gap_in_the_book
        a_book_is_closed_once_with_its_last_volume
        a_volume_that_cannot_be_drawn_keeps_no_other_from_being_kept
        a_volume_of_a_closed_book_that_is_missing_is_named
        a_number_that_is_missing_is_named;
    finding:
        a_reader_by_position_never_skips_a_late_commit
        a_restored_log_is_read_after_migrating
        a_work_list_is_read_page_by_page
        work_is_counted_by_how_soon_it_is_due
        paused_and_settled_work_is_counted_apart
        work_follows_the_dossier_until_it_is_closed;
    searching:
        search_folds_accents_and_case_alike
        search_keeps_to_its_units
        a_number_is_found_by_its_end
        the_newest_of_an_order_are_found_once_each
        public_progress_names_nobody
        a_corrected_name_reaches_the_lists
        a_closed_dossier_keeps_the_name_it_closed_with
        a_person_s_dossiers_are_found_by_number_and_by_telephone
        a_person_s_dossiers_are_found_before_they_are_received_and_as_applicant
        an_agent_of_the_post_lists_her_own_filings;
    checking:
        an_untouched_database_is_clean
        an_altered_event_is_named
        for_whom_an_act_was_done_is_kept_and_cannot_be_altered
        a_removed_event_is_named
        an_altered_view_is_named_with_its_column
        a_missing_or_foreign_row_is_named
        a_sequence_that_lags_is_named
        a_slip_that_differs_from_its_event_is_named
        a_result_has_one_official_document
        a_message_put_aside_is_named
        a_sequence_of_results_that_lags_is_named
        an_altered_audit_line_is_named
        a_removed_audit_line_is_named
        rebuilding_views_from_the_log_gives_the_same_tables
        two_sealers_at_once_seal_every_line_once
        sealing_twice_adds_nothing;
    watching:
        a_register_gives_no_result_the_number_of_another
        a_number_given_twice_and_a_gap_are_named
        results_issued_late_are_counted_at_their_agency
        what_is_signed_and_not_issued_stands_with_its_last_day;
    seal_keys:
        a_pin_that_was_wrong_once_is_tried_no_more
        one_at_a_time_tries_a_pin_that_nobody_knows
        results_wait_for_a_key_until_they_are_sealed;
    files:
        every_file_that_something_refers_to_is_held
        what_came_since_is_held_too
        the_database_has_a_clock
        the_record_of_a_removed_file_stays
        one_at_a_time_has_the_turn_at_the_files
        what_is_sealed_is_replaced_unless_it_changed_meanwhile;
    model:
        any_history_is_answered_as_the_model_answers;
    accounts:
        an_account_is_found_whatever_the_case
        of_twenty_failures_at_once_each_is_counted
        after_a_lock_failures_are_counted_anew
        of_ten_uses_of_one_code_one_is_fresh
        a_session_says_who_and_which_posts_today
        a_session_lives_on_while_it_is_used
        sessions_end_together_by_order_by_time_and_with_the_password
        a_changed_secret_counts_and_a_used_code_does_not
        a_locked_account_stays_so_until_it_is_unlocked
        a_member_of_staff_has_one_account
        every_change_of_rights_leaves_an_audit_line;
    catalogue:
        publishing_twice_changes_nothing
        a_changed_record_is_a_new_version_and_ends_the_one_before
        versions_of_another_source_are_found
        a_version_before_one_to_come_is_the_only_one_until_then
        a_version_replaced_on_its_first_day_is_never_in_force
        a_code_given_twice_in_one_file_is_compared_with_itself
        search_folds_marks_and_wants_every_word
        a_list_line_says_what_the_procedure_says
        a_national_catalogue_is_published_within_the_budget_of_an_import
        processes_have_versions_of_their_own
        imports_are_remembered_newest_first;
    drafts:
        a_draft_is_saved_over_the_version_seen
        of_twenty_racing_saves_one_wins_and_nineteen_are_stale
        a_removed_draft_is_gone
        drafts_are_listed_by_centre
        the_newest_drafts_of_a_centre_are_listed
        empty_drafts_hide_none_into_which_something_was_typed
        drafts_that_nobody_came_back_to_are_forgotten
        words_for_an_act_are_a_person_s_own
        words_that_come_after_the_act_are_not_kept;
    notices:
        a_template_has_versions_and_one_editor_wins
        a_kind_is_switched_off_and_on
        a_message_makes_one_delivery_on_a_channel
        a_delivery_is_claimed_by_one_worker_until_its_lease_ends
        an_attempt_is_recorded_and_what_failed_comes_again
        the_log_is_filtered_and_paged;
    office:
        units_are_a_tree_with_days_of_validity
        a_unit_that_ends_ends_the_posts_there
        saving_a_unit_again_replaces_it
        a_whole_country_of_units_is_saved_at_once
        a_loop_in_the_tree_ends
        a_centre_has_points_and_counters
        posts_are_held_for_a_time
        a_role_at_a_unit_is_held_by_name
        staff_are_found_by_id;
    delegations:
        a_delegate_stands_in_on_its_days_alone
        a_delegation_ends_with_the_post_it_is_of
        an_ended_delegation_is_kept_and_gives_nothing
        delegations_are_listed_by_person_and_by_unit
        who_is_away_with_nobody_in_her_place_is_listed_and_gives_nothing
        of_two_delegations_at_once_the_second_sees_the_first
        a_step_is_found_once_its_holder_s_post_has_ended;
    certificates:
        a_certificate_is_read_back_and_registered_once_for_a_post
        an_ended_certificate_is_kept_and_may_be_registered_anew
        certificates_are_listed_by_unit_and_by_person_what_ends_first_before_the_rest
        a_certificate_says_how_long_the_post_is_held
        posts_that_sign_or_seal_are_listed_by_unit
        lists_read_nothing_sealed_and_ended_ones_a_page_at_a_time;
    parties:
        a_party_is_read_as_it_was_written
        many_parties_are_read_at_once
        parties_are_found_by_their_hashes
        an_erased_party_stays_erased
        a_correction_is_written_over_what_was_seen_alone;
    alerts:
        work_is_looked_at_after_each_move_and_when_its_time_comes
        another_basis_has_all_running_work_looked_at_anew
        a_threshold_is_reached_once_and_a_higher_one_takes_its_place
        alerts_end_with_their_clock_and_are_not_reached_again
        alerts_are_the_holder_s_or_the_role_s_own
        each_post_of_the_line_is_told_what_has_reached_it
        the_published_and_the_legal_time_are_told_apart
        the_digests_of_an_hour_are_made_once_and_sent
        staff_with_an_address_are_found_with_their_posts
        digests_go_to_who_stands_in_and_not_to_who_is_away;
    settings:
        settings_are_kept_by_their_first_day
        a_published_calendar_stays_as_it_was_published;
    signing:
        what_waits_for_a_signature_is_listed_until_it_lies_in_a_batch
        a_batch_is_made_once
        what_was_read_is_read_again_when_it_changed
        what_became_of_a_document_is_noted_once
        one_run_at_a_time_has_the_turn_at_a_batch
        requests_of_a_batch_come_one_after_the_other_and_are_kept
        a_finished_batch_is_removed_once_its_time_is_over
        a_code_is_sent_to_one_person_once_in_a_while
        batches_that_are_open_stand_before_the_newest;
    local_signing:
        a_word_gives_its_document_a_few_times_and_not_after_its_time
        a_word_takes_one_document_back_and_no_more_once_it_is_taken
        an_attempt_is_its_signer_s_own_and_forgotten_after_days
        of_open_attempts_at_a_dossier_the_newest_stay;
    slips:
        a_message_makes_one_slip_however_often_it_is_handled
        racing_handlers_number_slips_without_gaps
        every_print_is_counted;
    results:
        a_result_is_held_from_its_seal_on_until_it_is_taken_back
        what_has_no_seal_is_listed_and_counted
        an_erased_owner_has_no_documents
        altered_rows_of_results_are_named_and_rebuilt
        results_of_an_earlier_release_are_listed_after_its_upgrade
        what_was_corrected_waits_for_no_seal;
    owned:
        the_documents_of_an_owner_come_page_by_page
        a_document_says_its_file_and_how_long_it_is_valid
        what_stands_in_is_found_by_kind_and_only_while_it_is_valid
        a_look_is_noted_and_logged_once_for_its_intake;
    course:
        a_drafted_request_waits_for_somebody_else
        a_request_that_is_not_answered_in_time_is_listed
        failed_lookups_are_counted_by_month_unit_and_who_recorded_them
        altered_missing_and_foreign_rows_of_the_course_are_named_and_rebuilt;
    tasks:
        a_task_is_listed_from_its_turn_until_it_is_acknowledged
        what_waits_for_its_turn_is_nobody_s
        tasks_end_with_the_dossier
        tasks_are_read_page_by_page_and_counted
        silence_is_found_once_its_time_is_over
        a_late_opinion_behind_which_another_waits_is_found_once
        altered_missing_and_foreign_tasks_are_named_and_rebuilt;
    texts:
        texts_are_read_by_id
        a_text_is_written_once;
    validations:
        what_was_found_last_of_a_file_is_kept;
}
