export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  "public": {
    Tables: {
      "agent_revisions": {
        Row: {
          "actor": string;
          "agent_id": string;
          "changed_columns": (string)[];
          "created_at": string;
          "id": string;
          "org_id": string;
          "reason": string | null;
          "revision": number;
          "snapshot": NonNullable<Json>;
        };
        ComputedFields: never;
        Insert: {
          "actor": string;
          "agent_id": string;
          "changed_columns": (string)[];
          "created_at"?: string;
          "id"?: string;
          "org_id": string;
          "reason"?: string | null;
          "revision": number;
          "snapshot": NonNullable<Json>;
        };
        Update: {
          "actor"?: string;
          "agent_id"?: string;
          "changed_columns"?: (string)[];
          "created_at"?: string;
          "id"?: string;
          "org_id"?: string;
          "reason"?: string | null;
          "revision"?: number;
          "snapshot"?: NonNullable<Json>;
        };
        Relationships: [
          {
            foreignKeyName: "agent_revisions_agent_fkey";
            columns: ["org_id", "agent_id"];
            isOneToOne: false;
            referencedRelation: "agents";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "agent_switches": {
        Row: {
          "agent": string;
          "consecutive_failures": number;
          "failed_message_ids": (string)[];
          "last_error": string | null;
          "last_failed_at": string | null;
          "org_id": string;
          "reason": string | null;
          "state": string;
          "switched_off_at": string | null;
          "switched_on_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "agent": string;
          "consecutive_failures"?: number;
          "failed_message_ids"?: (string)[];
          "last_error"?: string | null;
          "last_failed_at"?: string | null;
          "org_id": string;
          "reason"?: string | null;
          "state"?: string;
          "switched_off_at"?: string | null;
          "switched_on_at"?: string | null;
        };
        Update: {
          "agent"?: string;
          "consecutive_failures"?: number;
          "failed_message_ids"?: (string)[];
          "last_error"?: string | null;
          "last_failed_at"?: string | null;
          "org_id"?: string;
          "reason"?: string | null;
          "state"?: string;
          "switched_off_at"?: string | null;
          "switched_on_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "agent_switches_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "agent_templates": {
        Row: {
          "created_at": string;
          "defaults": NonNullable<Json>;
          "description": string;
          "id": string;
          "key": string;
          "language": string;
          "name": string;
          "required_settings": (string)[];
          "role": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "defaults": NonNullable<Json>;
          "description": string;
          "id"?: string;
          "key": string;
          "language": string;
          "name": string;
          "required_settings"?: (string)[];
          "role": string;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "defaults"?: NonNullable<Json>;
          "description"?: string;
          "id"?: string;
          "key"?: string;
          "language"?: string;
          "name"?: string;
          "required_settings"?: (string)[];
          "role"?: string;
          "updated_at"?: string;
        };
        Relationships: [];
      };
      "agents": {
        Row: {
          "activation_mode": string;
          "applied": Json | null;
          "applied_hash": string | null;
          "applied_key_fingerprint": string | null;
          "applied_revision": number | null;
          "consecutive_call_failures": number;
          "consecutive_failures": number;
          "create_intended_at": string | null;
          "created_at": string;
          "drift_checked_at": string | null;
          "drift_claimed_at": string | null;
          "drift_differences": Json | null;
          "drift_status": string | null;
          "drifted_at": string | null;
          "first_message": string;
          "id": string;
          "language": string;
          "last_synced_at": string | null;
          "max_call_duration": number;
          "model": Json | null;
          "name": string;
          "org_id": string;
          "revision": number;
          "role": string;
          "state": string;
          "state_changed_at": string | null;
          "sync_error": string | null;
          "sync_failed_at": string | null;
          "sync_queued_at": string | null;
          "sync_status": string;
          "system_prompt": string;
          "template_id": string | null;
          "updated_at": string;
          "vapi_assistant_id": string | null;
          "vapi_phone_number_id": string | null;
          "voice": string;
          "voice_provider": string;
          "voice_similarity_boost": number | null;
          "voice_stability": number | null;
        };
        ComputedFields: never;
        Insert: {
          "activation_mode"?: string;
          "applied"?: Json | null;
          "applied_hash"?: string | null;
          "applied_key_fingerprint"?: string | null;
          "applied_revision"?: number | null;
          "consecutive_call_failures"?: number;
          "consecutive_failures"?: number;
          "create_intended_at"?: string | null;
          "created_at"?: string;
          "drift_checked_at"?: string | null;
          "drift_claimed_at"?: string | null;
          "drift_differences"?: Json | null;
          "drift_status"?: string | null;
          "drifted_at"?: string | null;
          "first_message": string;
          "id"?: string;
          "language"?: string;
          "last_synced_at"?: string | null;
          "max_call_duration"?: number;
          "model"?: Json | null;
          "name": string;
          "org_id": string;
          "revision"?: number;
          "role": string;
          "state"?: string;
          "state_changed_at"?: string | null;
          "sync_error"?: string | null;
          "sync_failed_at"?: string | null;
          "sync_queued_at"?: string | null;
          "sync_status"?: string;
          "system_prompt": string;
          "template_id"?: string | null;
          "updated_at"?: string;
          "vapi_assistant_id"?: string | null;
          "vapi_phone_number_id"?: string | null;
          "voice": string;
          "voice_provider": string;
          "voice_similarity_boost"?: number | null;
          "voice_stability"?: number | null;
        };
        Update: {
          "activation_mode"?: string;
          "applied"?: Json | null;
          "applied_hash"?: string | null;
          "applied_key_fingerprint"?: string | null;
          "applied_revision"?: number | null;
          "consecutive_call_failures"?: number;
          "consecutive_failures"?: number;
          "create_intended_at"?: string | null;
          "created_at"?: string;
          "drift_checked_at"?: string | null;
          "drift_claimed_at"?: string | null;
          "drift_differences"?: Json | null;
          "drift_status"?: string | null;
          "drifted_at"?: string | null;
          "first_message"?: string;
          "id"?: string;
          "language"?: string;
          "last_synced_at"?: string | null;
          "max_call_duration"?: number;
          "model"?: Json | null;
          "name"?: string;
          "org_id"?: string;
          "revision"?: number;
          "role"?: string;
          "state"?: string;
          "state_changed_at"?: string | null;
          "sync_error"?: string | null;
          "sync_failed_at"?: string | null;
          "sync_queued_at"?: string | null;
          "sync_status"?: string;
          "system_prompt"?: string;
          "template_id"?: string | null;
          "updated_at"?: string;
          "vapi_assistant_id"?: string | null;
          "vapi_phone_number_id"?: string | null;
          "voice"?: string;
          "voice_provider"?: string;
          "voice_similarity_boost"?: number | null;
          "voice_stability"?: number | null;
        };
        Relationships: [
          {
            foreignKeyName: "agents_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "agents_template_id_fkey";
            columns: ["template_id"];
            isOneToOne: false;
            referencedRelation: "agent_templates";
            referencedColumns: ["id"];
          },
        ];
      };
      "alert_deliveries": {
        Row: {
          "alert_id": string;
          "attempts": number;
          "available_at": string;
          "channel": string;
          "claimed_at": string | null;
          "dead_lettered_at": string | null;
          "event": string;
          "fencing_token": number;
          "folded_into": string | null;
          "id": string;
          "last_error": string | null;
          "queued_at": string;
          "reopened_at": string | null;
          "sent_at": string | null;
          "state": string;
        };
        ComputedFields: never;
        Insert: {
          "alert_id": string;
          "attempts"?: number;
          "available_at"?: string;
          "channel": string;
          "claimed_at"?: string | null;
          "dead_lettered_at"?: string | null;
          "event": string;
          "fencing_token"?: number;
          "folded_into"?: string | null;
          "id"?: string;
          "last_error"?: string | null;
          "queued_at"?: string;
          "reopened_at"?: string | null;
          "sent_at"?: string | null;
          "state"?: string;
        };
        Update: {
          "alert_id"?: string;
          "attempts"?: number;
          "available_at"?: string;
          "channel"?: string;
          "claimed_at"?: string | null;
          "dead_lettered_at"?: string | null;
          "event"?: string;
          "fencing_token"?: number;
          "folded_into"?: string | null;
          "id"?: string;
          "last_error"?: string | null;
          "queued_at"?: string;
          "reopened_at"?: string | null;
          "sent_at"?: string | null;
          "state"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "alert_deliveries_alert_id_fkey";
            columns: ["alert_id"];
            isOneToOne: false;
            referencedRelation: "alerts";
            referencedColumns: ["id"];
          },
        ];
      };
      "alert_quiet_periods": {
        Row: {
          "created_at": string;
          "description": string;
          "hours": number;
          "rule": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "description": string;
          "hours": number;
          "rule": string;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "description"?: string;
          "hours"?: number;
          "rule"?: string;
          "updated_at"?: string;
        };
        Relationships: [];
      };
      "alert_rules": {
        Row: {
          "created_at": string;
          "description": string;
          "enabled": boolean;
          "kind": string;
          "raise_after": number;
          "resolve_after": number;
          "rule": string;
          "severity": string;
          "threshold": NonNullable<Json>;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "description": string;
          "enabled"?: boolean;
          "kind": string;
          "raise_after"?: number;
          "resolve_after"?: number;
          "rule": string;
          "severity": string;
          "threshold"?: NonNullable<Json>;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "description"?: string;
          "enabled"?: boolean;
          "kind"?: string;
          "raise_after"?: number;
          "resolve_after"?: number;
          "rule"?: string;
          "severity"?: string;
          "threshold"?: NonNullable<Json>;
          "updated_at"?: string;
        };
        Relationships: [];
      };
      "alerts": {
        Row: {
          "acknowledged_at": string | null;
          "acknowledged_by": string | null;
          "dedupe_key": string;
          "details": NonNullable<Json>;
          "evaluated": boolean;
          "id": string;
          "last_raised_at": string;
          "message": string;
          "occurrences": number;
          "org_id": string | null;
          "raised_at": string;
          "resolved_at": string | null;
          "rule": string;
          "severity": string;
          "state": string;
        };
        ComputedFields: never;
        Insert: {
          "acknowledged_at"?: string | null;
          "acknowledged_by"?: string | null;
          "dedupe_key"?: string;
          "details"?: NonNullable<Json>;
          "evaluated"?: boolean;
          "id"?: string;
          "last_raised_at"?: string;
          "message": string;
          "occurrences"?: number;
          "org_id"?: string | null;
          "raised_at"?: string;
          "resolved_at"?: string | null;
          "rule": string;
          "severity": string;
          "state"?: string;
        };
        Update: {
          "acknowledged_at"?: string | null;
          "acknowledged_by"?: string | null;
          "dedupe_key"?: string;
          "details"?: NonNullable<Json>;
          "evaluated"?: boolean;
          "id"?: string;
          "last_raised_at"?: string;
          "message"?: string;
          "occurrences"?: number;
          "org_id"?: string | null;
          "raised_at"?: string;
          "resolved_at"?: string | null;
          "rule"?: string;
          "severity"?: string;
          "state"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "alerts_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "app_config": {
        Row: {
          "created_at": string;
          "key": string;
          "revision": number;
          "updated_at": string;
          "value": NonNullable<Json>;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "key": string;
          "revision"?: number;
          "updated_at"?: string;
          "value": NonNullable<Json>;
        };
        Update: {
          "created_at"?: string;
          "key"?: string;
          "revision"?: number;
          "updated_at"?: string;
          "value"?: NonNullable<Json>;
        };
        Relationships: [];
      };
      "app_config_history": {
        Row: {
          "actor": string;
          "changed_at": string;
          "id": string;
          "key": string;
          "operation": string;
          "reason": string | null;
          "value_after": Json | null;
          "value_before": Json | null;
        };
        ComputedFields: never;
        Insert: {
          "actor": string;
          "changed_at"?: string;
          "id"?: string;
          "key": string;
          "operation": string;
          "reason"?: string | null;
          "value_after"?: Json | null;
          "value_before"?: Json | null;
        };
        Update: {
          "actor"?: string;
          "changed_at"?: string;
          "id"?: string;
          "key"?: string;
          "operation"?: string;
          "reason"?: string | null;
          "value_after"?: Json | null;
          "value_before"?: Json | null;
        };
        Relationships: [];
      };
      "audit_log": {
        Row: {
          "action": string;
          "actor": string;
          "created_at": string;
          "details": NonNullable<Json>;
          "id": string;
          "org_id": string | null;
          "request_id": string | null;
          "subject": string | null;
        };
        ComputedFields: never;
        Insert: {
          "action": string;
          "actor": string;
          "created_at"?: string;
          "details"?: NonNullable<Json>;
          "id"?: string;
          "org_id"?: string | null;
          "request_id"?: string | null;
          "subject"?: string | null;
        };
        Update: {
          "action"?: string;
          "actor"?: string;
          "created_at"?: string;
          "details"?: NonNullable<Json>;
          "id"?: string;
          "org_id"?: string | null;
          "request_id"?: string | null;
          "subject"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "audit_log_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "background_job_turns": {
        Row: {
          "kind": string;
          "lane": string;
          "served_at": string;
        };
        ComputedFields: never;
        Insert: {
          "kind": string;
          "lane"?: string;
          "served_at"?: string;
        };
        Update: {
          "kind"?: string;
          "lane"?: string;
          "served_at"?: string;
        };
        Relationships: [];
      };
      "background_jobs": {
        Row: {
          "attempts": number;
          "available_at": string;
          "claimed_at": string | null;
          "completed_at": string | null;
          "created_at": string;
          "dead_lettered_at": string | null;
          "dedupe_key": string | null;
          "fencing_token": number;
          "id": string;
          "kind": string;
          "lane": string;
          "last_error": string | null;
          "max_attempts": number;
          "org_id": string | null;
          "payload": NonNullable<Json>;
          "queued_at": string;
          "state": string;
          "updated_at": string;
          "worker_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "attempts"?: number;
          "available_at"?: string;
          "claimed_at"?: string | null;
          "completed_at"?: string | null;
          "created_at"?: string;
          "dead_lettered_at"?: string | null;
          "dedupe_key"?: string | null;
          "fencing_token"?: number;
          "id"?: string;
          "kind": string;
          "lane"?: never;
          "last_error"?: string | null;
          "max_attempts"?: number;
          "org_id"?: string | null;
          "payload"?: NonNullable<Json>;
          "queued_at"?: string;
          "state"?: string;
          "updated_at"?: string;
          "worker_id"?: string | null;
        };
        Update: {
          "attempts"?: number;
          "available_at"?: string;
          "claimed_at"?: string | null;
          "completed_at"?: string | null;
          "created_at"?: string;
          "dead_lettered_at"?: string | null;
          "dedupe_key"?: string | null;
          "fencing_token"?: number;
          "id"?: string;
          "kind"?: string;
          "lane"?: never;
          "last_error"?: string | null;
          "max_attempts"?: number;
          "org_id"?: string | null;
          "payload"?: NonNullable<Json>;
          "queued_at"?: string;
          "state"?: string;
          "updated_at"?: string;
          "worker_id"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "background_jobs_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "bookings": {
        Row: {
          "booked_at": string;
          "cancelled_at": string | null;
          "contact_id": string | null;
          "created_at": string;
          "details": NonNullable<Json>;
          "ends_at": string;
          "id": string;
          "org_id": string;
          "resource": string;
          "resource_key": number | null;
          "starts_at": string;
          "state": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "booked_at"?: string;
          "cancelled_at"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string;
          "details"?: NonNullable<Json>;
          "ends_at": string;
          "id"?: string;
          "org_id": string;
          "resource": string;
          "resource_key"?: never;
          "starts_at": string;
          "state"?: string;
          "updated_at"?: string;
        };
        Update: {
          "booked_at"?: string;
          "cancelled_at"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string;
          "details"?: NonNullable<Json>;
          "ends_at"?: string;
          "id"?: string;
          "org_id"?: string;
          "resource"?: string;
          "resource_key"?: never;
          "starts_at"?: string;
          "state"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "bookings_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "bookings_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "call_logs": {
        Row: {
          "agent_id": string | null;
          "call_tracking_id": string;
          "contact_id": string | null;
          "cost": number | null;
          "cost_breakdown": Json | null;
          "created_at": string;
          "direction": string;
          "duration_seconds": number | null;
          "ended_at": string | null;
          "ended_reason": string | null;
          "id": string;
          "org_id": string | null;
          "outcome": string;
          "phone_number": string | null;
          "started_at": string | null;
          "success_evaluation": string | null;
          "summary": string | null;
          "updated_at": string;
          "vapi_call_id": string;
        };
        ComputedFields: never;
        Insert: {
          "agent_id"?: string | null;
          "call_tracking_id": string;
          "contact_id"?: string | null;
          "cost"?: number | null;
          "cost_breakdown"?: Json | null;
          "created_at"?: string;
          "direction"?: string;
          "duration_seconds"?: number | null;
          "ended_at"?: string | null;
          "ended_reason"?: string | null;
          "id"?: string;
          "org_id"?: string | null;
          "outcome"?: string;
          "phone_number"?: string | null;
          "started_at"?: string | null;
          "success_evaluation"?: string | null;
          "summary"?: string | null;
          "updated_at"?: string;
          "vapi_call_id": string;
        };
        Update: {
          "agent_id"?: string | null;
          "call_tracking_id"?: string;
          "contact_id"?: string | null;
          "cost"?: number | null;
          "cost_breakdown"?: Json | null;
          "created_at"?: string;
          "direction"?: string;
          "duration_seconds"?: number | null;
          "ended_at"?: string | null;
          "ended_reason"?: string | null;
          "id"?: string;
          "org_id"?: string | null;
          "outcome"?: string;
          "phone_number"?: string | null;
          "started_at"?: string | null;
          "success_evaluation"?: string | null;
          "summary"?: string | null;
          "updated_at"?: string;
          "vapi_call_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "call_logs_agent_fkey";
            columns: ["org_id", "agent_id"];
            isOneToOne: false;
            referencedRelation: "agents";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "call_logs_call_tracking_fkey";
            columns: ["org_id", "call_tracking_id"];
            isOneToOne: false;
            referencedRelation: "call_tracking";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "call_logs_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "call_logs_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "call_requests": {
        Row: {
          "answered_at": string | null;
          "attempts": number;
          "cancelled_at": string | null;
          "completed_at": string | null;
          "contact_id": string;
          "created_at": string;
          "due_at": string;
          "failed_at": string | null;
          "fencing_token": number;
          "id": string;
          "intended_at": string | null;
          "intent": Json | null;
          "last_error": string | null;
          "lookups": number;
          "not_before": string;
          "org_id": string;
          "placed_at": string | null;
          "reason": string;
          "reason_code": string | null;
          "refused_at": string | null;
          "requested_at": string;
          "state": string;
          "unknown_at": string | null;
          "updated_at": string;
          "vapi_call_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "answered_at"?: string | null;
          "attempts"?: number;
          "cancelled_at"?: string | null;
          "completed_at"?: string | null;
          "contact_id": string;
          "created_at"?: string;
          "due_at"?: string;
          "failed_at"?: string | null;
          "fencing_token"?: number;
          "id"?: string;
          "intended_at"?: string | null;
          "intent"?: Json | null;
          "last_error"?: string | null;
          "lookups"?: number;
          "not_before"?: string;
          "org_id": string;
          "placed_at"?: string | null;
          "reason": string;
          "reason_code"?: string | null;
          "refused_at"?: string | null;
          "requested_at"?: string;
          "state"?: string;
          "unknown_at"?: string | null;
          "updated_at"?: string;
          "vapi_call_id"?: string | null;
        };
        Update: {
          "answered_at"?: string | null;
          "attempts"?: number;
          "cancelled_at"?: string | null;
          "completed_at"?: string | null;
          "contact_id"?: string;
          "created_at"?: string;
          "due_at"?: string;
          "failed_at"?: string | null;
          "fencing_token"?: number;
          "id"?: string;
          "intended_at"?: string | null;
          "intent"?: Json | null;
          "last_error"?: string | null;
          "lookups"?: number;
          "not_before"?: string;
          "org_id"?: string;
          "placed_at"?: string | null;
          "reason"?: string;
          "reason_code"?: string | null;
          "refused_at"?: string | null;
          "requested_at"?: string;
          "state"?: string;
          "unknown_at"?: string | null;
          "updated_at"?: string;
          "vapi_call_id"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "call_requests_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "call_tracking": {
        Row: {
          "agent_id": string | null;
          "answered_at": string | null;
          "contact_id": string | null;
          "created_at": string;
          "direction": string;
          "direction_told": boolean;
          "duration_seconds": number | null;
          "ended_at": string | null;
          "ended_authority": number;
          "ended_reason": string | null;
          "fencing_token": number;
          "forwarded_at": string | null;
          "forwarded_to": string | null;
          "hung_at": string | null;
          "id": string;
          "lead_id": string | null;
          "max_duration_seconds": number;
          "metadata": NonNullable<Json>;
          "org_id": string | null;
          "phone_number": string | null;
          "queued_at": string | null;
          "reconcile_attempts": number;
          "report_due_at": string;
          "reported_at": string | null;
          "rung_at": string | null;
          "scheduled_at": string | null;
          "state": string;
          "transfer_requested_at": string | null;
          "updated_at": string;
          "vapi_call_id": string;
        };
        ComputedFields: never;
        Insert: {
          "agent_id"?: string | null;
          "answered_at"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string;
          "direction"?: string;
          "direction_told"?: boolean;
          "duration_seconds"?: number | null;
          "ended_at"?: string | null;
          "ended_authority"?: number;
          "ended_reason"?: string | null;
          "fencing_token"?: number;
          "forwarded_at"?: string | null;
          "forwarded_to"?: string | null;
          "hung_at"?: string | null;
          "id"?: string;
          "lead_id"?: string | null;
          "max_duration_seconds"?: number;
          "metadata"?: NonNullable<Json>;
          "org_id"?: string | null;
          "phone_number"?: string | null;
          "queued_at"?: string | null;
          "reconcile_attempts"?: number;
          "report_due_at"?: string;
          "reported_at"?: string | null;
          "rung_at"?: string | null;
          "scheduled_at"?: string | null;
          "state"?: string;
          "transfer_requested_at"?: string | null;
          "updated_at"?: string;
          "vapi_call_id": string;
        };
        Update: {
          "agent_id"?: string | null;
          "answered_at"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string;
          "direction"?: string;
          "direction_told"?: boolean;
          "duration_seconds"?: number | null;
          "ended_at"?: string | null;
          "ended_authority"?: number;
          "ended_reason"?: string | null;
          "fencing_token"?: number;
          "forwarded_at"?: string | null;
          "forwarded_to"?: string | null;
          "hung_at"?: string | null;
          "id"?: string;
          "lead_id"?: string | null;
          "max_duration_seconds"?: number;
          "metadata"?: NonNullable<Json>;
          "org_id"?: string | null;
          "phone_number"?: string | null;
          "queued_at"?: string | null;
          "reconcile_attempts"?: number;
          "report_due_at"?: string;
          "reported_at"?: string | null;
          "rung_at"?: string | null;
          "scheduled_at"?: string | null;
          "state"?: string;
          "transfer_requested_at"?: string | null;
          "updated_at"?: string;
          "vapi_call_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "call_tracking_agent_fkey";
            columns: ["org_id", "agent_id"];
            isOneToOne: false;
            referencedRelation: "agents";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "call_tracking_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "call_tracking_lead_fkey";
            columns: ["org_id", "lead_id"];
            isOneToOne: false;
            referencedRelation: "leads";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "call_tracking_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "calls": {
        Row: {
          "call_tracking_id": string;
          "content_authority": number;
          "created_at": string;
          "direction": string;
          "id": string;
          "org_id": string | null;
          "recording_storage_path": string | null;
          "recording_url": string | null;
          "structured_data": Json | null;
          "transcript": string | null;
          "updated_at": string;
          "vapi_call_id": string;
        };
        ComputedFields: never;
        Insert: {
          "call_tracking_id": string;
          "content_authority"?: number;
          "created_at"?: string;
          "direction"?: string;
          "id"?: string;
          "org_id"?: string | null;
          "recording_storage_path"?: string | null;
          "recording_url"?: string | null;
          "structured_data"?: Json | null;
          "transcript"?: string | null;
          "updated_at"?: string;
          "vapi_call_id": string;
        };
        Update: {
          "call_tracking_id"?: string;
          "content_authority"?: number;
          "created_at"?: string;
          "direction"?: string;
          "id"?: string;
          "org_id"?: string | null;
          "recording_storage_path"?: string | null;
          "recording_url"?: string | null;
          "structured_data"?: Json | null;
          "transcript"?: string | null;
          "updated_at"?: string;
          "vapi_call_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "calls_call_tracking_fkey";
            columns: ["org_id", "call_tracking_id"];
            isOneToOne: false;
            referencedRelation: "call_tracking";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "calls_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "contact_former_identities": {
        Row: {
          "changed_at": string;
          "contact_id": string;
          "kind": string;
          "org_id": string;
          "value": string;
        };
        ComputedFields: never;
        Insert: {
          "changed_at": string;
          "contact_id": string;
          "kind": string;
          "org_id": string;
          "value": string;
        };
        Update: {
          "changed_at"?: string;
          "contact_id"?: string;
          "kind"?: string;
          "org_id"?: string;
          "value"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "contact_former_identities_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "contact_identities": {
        Row: {
          "contact_id": string;
          "created_at": string;
          "kind": string;
          "org_id": string;
          "value": string;
        };
        ComputedFields: never;
        Insert: {
          "contact_id": string;
          "created_at"?: string;
          "kind": string;
          "org_id": string;
          "value": string;
        };
        Update: {
          "contact_id"?: string;
          "created_at"?: string;
          "kind"?: string;
          "org_id"?: string;
          "value"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "contact_identities_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "contact_opt_outs": {
        Row: {
          "contact_id": string;
          "opted_in_at": string | null;
          "opted_out_at": string;
          "org_id": string;
          "reason": string;
          "state": string;
        };
        ComputedFields: never;
        Insert: {
          "contact_id": string;
          "opted_in_at"?: string | null;
          "opted_out_at"?: string;
          "org_id": string;
          "reason": string;
          "state"?: string;
        };
        Update: {
          "contact_id"?: string;
          "opted_in_at"?: string | null;
          "opted_out_at"?: string;
          "org_id"?: string;
          "reason"?: string;
          "state"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "contact_opt_outs_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: true;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "contact_queues": {
        Row: {
          "claimed_sequence": number | null;
          "completed_sequence": number;
          "contact_id": string;
          "last_inbound_at": string | null;
          "org_id": string;
          "received_sequence": number;
          "send_due_at": string | null;
          "send_fencing_token": number;
          "send_leased_until": string | null;
          "turn_due_at": string | null;
          "turn_fencing_token": number;
          "turn_leased_until": string | null;
          "turn_retry_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "claimed_sequence"?: number | null;
          "completed_sequence"?: number;
          "contact_id": string;
          "last_inbound_at"?: string | null;
          "org_id": string;
          "received_sequence"?: number;
          "send_due_at"?: string | null;
          "send_fencing_token"?: number;
          "send_leased_until"?: string | null;
          "turn_due_at"?: string | null;
          "turn_fencing_token"?: number;
          "turn_leased_until"?: string | null;
          "turn_retry_at"?: string | null;
        };
        Update: {
          "claimed_sequence"?: number | null;
          "completed_sequence"?: number;
          "contact_id"?: string;
          "last_inbound_at"?: string | null;
          "org_id"?: string;
          "received_sequence"?: number;
          "send_due_at"?: string | null;
          "send_fencing_token"?: number;
          "send_leased_until"?: string | null;
          "turn_due_at"?: string | null;
          "turn_fencing_token"?: number;
          "turn_leased_until"?: string | null;
          "turn_retry_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "contact_queues_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: true;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "contacts": {
        Row: {
          "created_at": string;
          "id": string;
          "merged_at": string | null;
          "merged_into_id": string | null;
          "name": string | null;
          "org_id": string;
          "rollout_key": string;
          "updated_at": string;
          "username": string | null;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "id"?: string;
          "merged_at"?: string | null;
          "merged_into_id"?: string | null;
          "name"?: string | null;
          "org_id": string;
          "rollout_key": string;
          "updated_at"?: string;
          "username"?: string | null;
        };
        Update: {
          "created_at"?: string;
          "id"?: string;
          "merged_at"?: string | null;
          "merged_into_id"?: string | null;
          "name"?: string | null;
          "org_id"?: string;
          "rollout_key"?: string;
          "updated_at"?: string;
          "username"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "contacts_merged_into_fkey";
            columns: ["org_id", "merged_into_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "contacts_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "dead_letters": {
        Row: {
          "attempts": number;
          "dead_lettered_at": string;
          "dismissal_reason": string | null;
          "dismissed_at": string | null;
          "id": string;
          "org_id": string | null;
          "payload": NonNullable<Json>;
          "reason": string;
          "replayed_at": string | null;
          "source": string;
          "source_id": string;
        };
        ComputedFields: never;
        Insert: {
          "attempts"?: number;
          "dead_lettered_at"?: string;
          "dismissal_reason"?: string | null;
          "dismissed_at"?: string | null;
          "id"?: string;
          "org_id"?: string | null;
          "payload"?: NonNullable<Json>;
          "reason": string;
          "replayed_at"?: string | null;
          "source": string;
          "source_id": string;
        };
        Update: {
          "attempts"?: number;
          "dead_lettered_at"?: string;
          "dismissal_reason"?: string | null;
          "dismissed_at"?: string | null;
          "id"?: string;
          "org_id"?: string | null;
          "payload"?: NonNullable<Json>;
          "reason"?: string;
          "replayed_at"?: string | null;
          "source"?: string;
          "source_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "dead_letters_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "failed_conversations": {
        Row: {
          "agent": string | null;
          "contact_id": string;
          "correlation_id": string;
          "error": string | null;
          "failed_at": string;
          "failures": number;
          "id": string;
          "last_failed_at": string;
          "note": string | null;
          "org_id": string;
          "replayed_at": string | null;
          "replayed_messages": number | null;
          "reviewed_at": string | null;
          "reviewed_by": string | null;
          "session_id": string;
          "state": string;
        };
        ComputedFields: never;
        Insert: {
          "agent"?: string | null;
          "contact_id": string;
          "correlation_id": string;
          "error"?: string | null;
          "failed_at"?: string;
          "failures"?: number;
          "id"?: string;
          "last_failed_at"?: string;
          "note"?: string | null;
          "org_id": string;
          "replayed_at"?: string | null;
          "replayed_messages"?: number | null;
          "reviewed_at"?: string | null;
          "reviewed_by"?: string | null;
          "session_id": string;
          "state"?: string;
        };
        Update: {
          "agent"?: string | null;
          "contact_id"?: string;
          "correlation_id"?: string;
          "error"?: string | null;
          "failed_at"?: string;
          "failures"?: number;
          "id"?: string;
          "last_failed_at"?: string;
          "note"?: string | null;
          "org_id"?: string;
          "replayed_at"?: string | null;
          "replayed_messages"?: number | null;
          "reviewed_at"?: string | null;
          "reviewed_by"?: string | null;
          "session_id"?: string;
          "state"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "failed_conversations_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "failed_conversations_session_fkey";
            columns: ["org_id", "session_id"];
            isOneToOne: false;
            referencedRelation: "unified_sessions";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "failed_webhook_events": {
        Row: {
          "attempts": number;
          "event_id": string;
          "event_type": string;
          "failed_at": string;
          "last_failed_at": string;
          "org_id": string;
          "payload": NonNullable<Json>;
          "reason": string;
          "source": string;
        };
        ComputedFields: never;
        Insert: {
          "attempts"?: number;
          "event_id": string;
          "event_type": string;
          "failed_at"?: string;
          "last_failed_at"?: string;
          "org_id": string;
          "payload": NonNullable<Json>;
          "reason": string;
          "source": string;
        };
        Update: {
          "attempts"?: number;
          "event_id"?: string;
          "event_type"?: string;
          "failed_at"?: string;
          "last_failed_at"?: string;
          "org_id"?: string;
          "payload"?: NonNullable<Json>;
          "reason"?: string;
          "source"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "failed_webhook_events_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "hand_overs": {
        Row: {
          "contact_id": string;
          "created_at": string;
          "id": string;
          "org_id": string;
          "reason": string;
          "released_at": string | null;
          "replied_at": string | null;
          "session_id": string | null;
          "state": string;
          "taken_at": string | null;
          "taken_by": string | null;
          "updated_at": string;
          "waiting_at": string;
        };
        ComputedFields: never;
        Insert: {
          "contact_id": string;
          "created_at"?: string;
          "id"?: string;
          "org_id": string;
          "reason": string;
          "released_at"?: string | null;
          "replied_at"?: string | null;
          "session_id"?: string | null;
          "state"?: string;
          "taken_at"?: string | null;
          "taken_by"?: string | null;
          "updated_at"?: string;
          "waiting_at"?: string;
        };
        Update: {
          "contact_id"?: string;
          "created_at"?: string;
          "id"?: string;
          "org_id"?: string;
          "reason"?: string;
          "released_at"?: string | null;
          "replied_at"?: string | null;
          "session_id"?: string | null;
          "state"?: string;
          "taken_at"?: string | null;
          "taken_by"?: string | null;
          "updated_at"?: string;
          "waiting_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "hand_overs_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "hand_overs_session_fkey";
            columns: ["org_id", "session_id"];
            isOneToOne: false;
            referencedRelation: "unified_sessions";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "idempotency_keys": {
        Row: {
          "claim_expires_at": string;
          "claimed_at": string;
          "completed_at": string | null;
          "expires_at": string;
          "key": string;
          "operation": string;
          "org_id": string;
          "request_hash": string;
          "request_id": string | null;
          "response_body": Json | null;
          "response_status": number | null;
          "state": string;
        };
        ComputedFields: never;
        Insert: {
          "claim_expires_at": string;
          "claimed_at"?: string;
          "completed_at"?: string | null;
          "expires_at": string;
          "key": string;
          "operation": string;
          "org_id": string;
          "request_hash": string;
          "request_id"?: string | null;
          "response_body"?: Json | null;
          "response_status"?: number | null;
          "state"?: string;
        };
        Update: {
          "claim_expires_at"?: string;
          "claimed_at"?: string;
          "completed_at"?: string | null;
          "expires_at"?: string;
          "key"?: string;
          "operation"?: string;
          "org_id"?: string;
          "request_hash"?: string;
          "request_id"?: string | null;
          "response_body"?: Json | null;
          "response_status"?: number | null;
          "state"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "idempotency_keys_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "imported_listings": {
        Row: {
          "created_at": string;
          "imported_at": string | null;
          "listing_id": string | null;
          "listing_revision": number | null;
          "org_id": string;
          "reason": string | null;
          "refused_at": string | null;
          "source": string;
          "source_key": string;
          "source_updated_at": string | null;
          "state": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "imported_at"?: string | null;
          "listing_id"?: string | null;
          "listing_revision"?: number | null;
          "org_id": string;
          "reason"?: string | null;
          "refused_at"?: string | null;
          "source": string;
          "source_key": string;
          "source_updated_at"?: string | null;
          "state": string;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "imported_at"?: string | null;
          "listing_id"?: string | null;
          "listing_revision"?: number | null;
          "org_id"?: string;
          "reason"?: string | null;
          "refused_at"?: string | null;
          "source"?: string;
          "source_key"?: string;
          "source_updated_at"?: string | null;
          "state"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "imported_listings_listing_fkey";
            columns: ["org_id", "listing_id"];
            isOneToOne: false;
            referencedRelation: "job_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "imported_listings_listing_fkey";
            columns: ["org_id", "listing_id"];
            isOneToOne: false;
            referencedRelation: "jobs";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "imported_listings_listing_fkey";
            columns: ["org_id", "listing_id"];
            isOneToOne: false;
            referencedRelation: "marketplace_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "imported_listings_listing_fkey";
            columns: ["org_id", "listing_id"];
            isOneToOne: false;
            referencedRelation: "produce_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "imported_listings_listing_fkey";
            columns: ["org_id", "listing_id"];
            isOneToOne: false;
            referencedRelation: "properties";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "imported_listings_listing_fkey";
            columns: ["org_id", "listing_id"];
            isOneToOne: false;
            referencedRelation: "unified_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "imported_listings_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "inbound_messages": {
        Row: {
          "attempts": number;
          "contact_id": string;
          "content": NonNullable<Json>;
          "created_at": string;
          "disposed_at": string | null;
          "disposition": string;
          "id": string;
          "last_error": string | null;
          "org_id": string;
          "payload": NonNullable<Json>;
          "phone_number_id": string;
          "raw_text": string | null;
          "sent_at": string | null;
          "sequence": number;
          "type": string;
          "wamid": string;
        };
        ComputedFields: never;
        Insert: {
          "attempts"?: number;
          "contact_id": string;
          "content"?: NonNullable<Json>;
          "created_at"?: string;
          "disposed_at"?: string | null;
          "disposition"?: string;
          "id"?: string;
          "last_error"?: string | null;
          "org_id": string;
          "payload": NonNullable<Json>;
          "phone_number_id": string;
          "raw_text"?: string | null;
          "sent_at"?: string | null;
          "sequence": number;
          "type": string;
          "wamid": string;
        };
        Update: {
          "attempts"?: number;
          "contact_id"?: string;
          "content"?: NonNullable<Json>;
          "created_at"?: string;
          "disposed_at"?: string | null;
          "disposition"?: string;
          "id"?: string;
          "last_error"?: string | null;
          "org_id"?: string;
          "payload"?: NonNullable<Json>;
          "phone_number_id"?: string;
          "raw_text"?: string | null;
          "sent_at"?: string | null;
          "sequence"?: number;
          "type"?: string;
          "wamid"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "inbound_messages_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "integrations": {
        Row: {
          "connected": boolean;
          "connected_at": string | null;
          "created_at": string;
          "disconnected_at": string | null;
          "fingerprint": string | null;
          "id": string;
          "last_checked_at": string | null;
          "last_error": string | null;
          "last_four": string | null;
          "org_id": string;
          "provider": string;
          "public_config": NonNullable<Json>;
          "revision": number;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "connected"?: boolean;
          "connected_at"?: string | null;
          "created_at"?: string;
          "disconnected_at"?: string | null;
          "fingerprint"?: string | null;
          "id"?: string;
          "last_checked_at"?: string | null;
          "last_error"?: string | null;
          "last_four"?: string | null;
          "org_id": string;
          "provider": string;
          "public_config"?: NonNullable<Json>;
          "revision"?: number;
          "updated_at"?: string;
        };
        Update: {
          "connected"?: boolean;
          "connected_at"?: string | null;
          "created_at"?: string;
          "disconnected_at"?: string | null;
          "fingerprint"?: string | null;
          "id"?: string;
          "last_checked_at"?: string | null;
          "last_error"?: string | null;
          "last_four"?: string | null;
          "org_id"?: string;
          "provider"?: string;
          "public_config"?: NonNullable<Json>;
          "revision"?: number;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "integrations_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "kb_sync_log": {
        Row: {
          "actor": string;
          "completed_at": string | null;
          "counts": NonNullable<Json>;
          "duration_ms": number | null;
          "error": string | null;
          "id": string;
          "org_id": string;
          "request_id": string;
          "started_at": string;
          "started_by": string;
          "state": string;
        };
        ComputedFields: never;
        Insert: {
          "actor": string;
          "completed_at"?: string | null;
          "counts"?: NonNullable<Json>;
          "duration_ms"?: number | null;
          "error"?: string | null;
          "id"?: string;
          "org_id": string;
          "request_id": string;
          "started_at"?: string;
          "started_by": string;
          "state"?: string;
        };
        Update: {
          "actor"?: string;
          "completed_at"?: string | null;
          "counts"?: NonNullable<Json>;
          "duration_ms"?: number | null;
          "error"?: string | null;
          "id"?: string;
          "org_id"?: string;
          "request_id"?: string;
          "started_at"?: string;
          "started_by"?: string;
          "state"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "kb_sync_log_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "knowledge_base": {
        Row: {
          "active": boolean;
          "category": string;
          "chunk_count": number;
          "content": string | null;
          "content_hash": string | null;
          "created_at": string;
          "created_by": string;
          "deleted_at": string | null;
          "embedding_error": string | null;
          "embedding_failed_at": string | null;
          "embedding_model": string | null;
          "embedding_status": string;
          "error": string | null;
          "error_code": string | null;
          "failed_at": string | null;
          "file_name": string | null;
          "id": string;
          "indexed_at": string | null;
          "language": string;
          "last_version": number;
          "org_id": string;
          "queued_at": string;
          "revision": number;
          "source": string;
          "source_address": string | null;
          "state": string;
          "title": string;
          "updated_at": string;
          "vapi_file_hash": string | null;
          "vapi_file_id": string | null;
          "version": number | null;
        };
        ComputedFields: never;
        Insert: {
          "active"?: boolean;
          "category"?: string;
          "chunk_count"?: number;
          "content"?: string | null;
          "content_hash"?: string | null;
          "created_at"?: string;
          "created_by": string;
          "deleted_at"?: string | null;
          "embedding_error"?: string | null;
          "embedding_failed_at"?: string | null;
          "embedding_model"?: string | null;
          "embedding_status"?: string;
          "error"?: string | null;
          "error_code"?: string | null;
          "failed_at"?: string | null;
          "file_name"?: string | null;
          "id"?: string;
          "indexed_at"?: string | null;
          "language"?: string;
          "last_version"?: number;
          "org_id": string;
          "queued_at"?: string;
          "revision"?: number;
          "source": string;
          "source_address"?: string | null;
          "state"?: string;
          "title": string;
          "updated_at"?: string;
          "vapi_file_hash"?: string | null;
          "vapi_file_id"?: string | null;
          "version"?: number | null;
        };
        Update: {
          "active"?: boolean;
          "category"?: string;
          "chunk_count"?: number;
          "content"?: string | null;
          "content_hash"?: string | null;
          "created_at"?: string;
          "created_by"?: string;
          "deleted_at"?: string | null;
          "embedding_error"?: string | null;
          "embedding_failed_at"?: string | null;
          "embedding_model"?: string | null;
          "embedding_status"?: string;
          "error"?: string | null;
          "error_code"?: string | null;
          "failed_at"?: string | null;
          "file_name"?: string | null;
          "id"?: string;
          "indexed_at"?: string | null;
          "language"?: string;
          "last_version"?: number;
          "org_id"?: string;
          "queued_at"?: string;
          "revision"?: number;
          "source"?: string;
          "source_address"?: string | null;
          "state"?: string;
          "title"?: string;
          "updated_at"?: string;
          "vapi_file_hash"?: string | null;
          "vapi_file_id"?: string | null;
          "version"?: number | null;
        };
        Relationships: [
          {
            foreignKeyName: "knowledge_base_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "knowledge_base_changelog": {
        Row: {
          "action": string;
          "actor": string;
          "changed": NonNullable<Json>;
          "created_at": string;
          "document_id": string;
          "error": string | null;
          "hash_after": string | null;
          "hash_before": string | null;
          "id": string;
          "org_id": string;
          "request_id": string | null;
          "version": number | null;
        };
        ComputedFields: never;
        Insert: {
          "action": string;
          "actor": string;
          "changed"?: NonNullable<Json>;
          "created_at"?: string;
          "document_id": string;
          "error"?: string | null;
          "hash_after"?: string | null;
          "hash_before"?: string | null;
          "id"?: string;
          "org_id": string;
          "request_id"?: string | null;
          "version"?: number | null;
        };
        Update: {
          "action"?: string;
          "actor"?: string;
          "changed"?: NonNullable<Json>;
          "created_at"?: string;
          "document_id"?: string;
          "error"?: string | null;
          "hash_after"?: string | null;
          "hash_before"?: string | null;
          "id"?: string;
          "org_id"?: string;
          "request_id"?: string | null;
          "version"?: number | null;
        };
        Relationships: [
          {
            foreignKeyName: "knowledge_base_changelog_document_fkey";
            columns: ["org_id", "document_id"];
            isOneToOne: false;
            referencedRelation: "knowledge_base";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "knowledge_base_chunks": {
        Row: {
          "content": string;
          "content_hash": string;
          "created_at": string;
          "document_id": string;
          "from_offset": number;
          "fts": unknown;
          "heading_path": (string)[];
          "id": string;
          "org_id": string;
          "position": number;
          "to_offset": number;
          "version": number;
        };
        ComputedFields: never;
        Insert: {
          "content": string;
          "content_hash": string;
          "created_at"?: string;
          "document_id": string;
          "from_offset": number;
          "fts": unknown;
          "heading_path"?: (string)[];
          "id"?: string;
          "org_id": string;
          "position": number;
          "to_offset": number;
          "version": number;
        };
        Update: {
          "content"?: string;
          "content_hash"?: string;
          "created_at"?: string;
          "document_id"?: string;
          "from_offset"?: number;
          "fts"?: unknown;
          "heading_path"?: (string)[];
          "id"?: string;
          "org_id"?: string;
          "position"?: number;
          "to_offset"?: number;
          "version"?: number;
        };
        Relationships: [
          {
            foreignKeyName: "knowledge_base_chunks_document_fkey";
            columns: ["org_id", "document_id"];
            isOneToOne: false;
            referencedRelation: "knowledge_base";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "knowledge_base_versions": {
        Row: {
          "changes": NonNullable<Json>;
          "content": string | null;
          "content_hash": string | null;
          "created_by": string;
          "document_id": string;
          "error": string | null;
          "error_code": string | null;
          "failed_at": string | null;
          "file_name": string | null;
          "indexed_at": string | null;
          "mime_type": string | null;
          "next_page": number | null;
          "org_id": string;
          "page_count": number | null;
          "queued_at": string;
          "source": string;
          "source_address": string | null;
          "source_hash": string | null;
          "state": string;
          "storage_path": string | null;
          "superseded_at": string | null;
          "uploaded_at": string | null;
          "version": number;
        };
        ComputedFields: never;
        Insert: {
          "changes"?: NonNullable<Json>;
          "content"?: string | null;
          "content_hash"?: string | null;
          "created_by": string;
          "document_id": string;
          "error"?: string | null;
          "error_code"?: string | null;
          "failed_at"?: string | null;
          "file_name"?: string | null;
          "indexed_at"?: string | null;
          "mime_type"?: string | null;
          "next_page"?: number | null;
          "org_id": string;
          "page_count"?: number | null;
          "queued_at"?: string;
          "source": string;
          "source_address"?: string | null;
          "source_hash"?: string | null;
          "state"?: string;
          "storage_path"?: string | null;
          "superseded_at"?: string | null;
          "uploaded_at"?: string | null;
          "version": number;
        };
        Update: {
          "changes"?: NonNullable<Json>;
          "content"?: string | null;
          "content_hash"?: string | null;
          "created_by"?: string;
          "document_id"?: string;
          "error"?: string | null;
          "error_code"?: string | null;
          "failed_at"?: string | null;
          "file_name"?: string | null;
          "indexed_at"?: string | null;
          "mime_type"?: string | null;
          "next_page"?: number | null;
          "org_id"?: string;
          "page_count"?: number | null;
          "queued_at"?: string;
          "source"?: string;
          "source_address"?: string | null;
          "source_hash"?: string | null;
          "state"?: string;
          "storage_path"?: string | null;
          "superseded_at"?: string | null;
          "uploaded_at"?: string | null;
          "version"?: number;
        };
        Relationships: [
          {
            foreignKeyName: "knowledge_base_versions_document_fkey";
            columns: ["org_id", "document_id"];
            isOneToOne: false;
            referencedRelation: "knowledge_base";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "knowledge_files": {
        Row: {
          "content_hash": string;
          "error": string | null;
          "id": string;
          "intended_at": string;
          "key_fingerprint": string;
          "org_id": string;
          "state": string;
          "uploaded_at": string | null;
          "vapi_file_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "content_hash": string;
          "error"?: string | null;
          "id"?: string;
          "intended_at"?: string;
          "key_fingerprint": string;
          "org_id": string;
          "state"?: string;
          "uploaded_at"?: string | null;
          "vapi_file_id"?: string | null;
        };
        Update: {
          "content_hash"?: string;
          "error"?: string | null;
          "id"?: string;
          "intended_at"?: string;
          "key_fingerprint"?: string;
          "org_id"?: string;
          "state"?: string;
          "uploaded_at"?: string | null;
          "vapi_file_id"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "knowledge_files_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "knowledge_syncs": {
        Row: {
          "assistant_roles": (string)[];
          "attempted_hash": string | null;
          "consecutive_failures": number;
          "created_at": string;
          "due_at": string | null;
          "error": string | null;
          "finished_at": string | null;
          "key_fingerprint": string | null;
          "last_synced_at": string | null;
          "org_id": string;
          "progress": NonNullable<Json>;
          "retired_tool_ids": (string)[];
          "state": string;
          "sync_id": string | null;
          "tool_hash": string | null;
          "tool_id": string | null;
          "tool_intended_at": string | null;
          "tool_name": string;
          "wanted_at": string;
        };
        ComputedFields: never;
        Insert: {
          "assistant_roles"?: (string)[];
          "attempted_hash"?: string | null;
          "consecutive_failures"?: number;
          "created_at"?: string;
          "due_at"?: string | null;
          "error"?: string | null;
          "finished_at"?: string | null;
          "key_fingerprint"?: string | null;
          "last_synced_at"?: string | null;
          "org_id": string;
          "progress"?: NonNullable<Json>;
          "retired_tool_ids"?: (string)[];
          "state"?: string;
          "sync_id"?: string | null;
          "tool_hash"?: string | null;
          "tool_id"?: string | null;
          "tool_intended_at"?: string | null;
          "tool_name"?: string;
          "wanted_at"?: string;
        };
        Update: {
          "assistant_roles"?: (string)[];
          "attempted_hash"?: string | null;
          "consecutive_failures"?: number;
          "created_at"?: string;
          "due_at"?: string | null;
          "error"?: string | null;
          "finished_at"?: string | null;
          "key_fingerprint"?: string | null;
          "last_synced_at"?: string | null;
          "org_id"?: string;
          "progress"?: NonNullable<Json>;
          "retired_tool_ids"?: (string)[];
          "state"?: string;
          "sync_id"?: string | null;
          "tool_hash"?: string | null;
          "tool_id"?: string | null;
          "tool_intended_at"?: string | null;
          "tool_name"?: string;
          "wanted_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "knowledge_syncs_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: true;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "knowledge_syncs_sync_fkey";
            columns: ["org_id", "sync_id"];
            isOneToOne: false;
            referencedRelation: "kb_sync_log";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "language_model_usage": {
        Row: {
          "cost_usd": number;
          "day": string;
          "input_tokens": number;
          "org_id": string;
          "output_tokens": number;
          "turns": number;
        };
        ComputedFields: never;
        Insert: {
          "cost_usd"?: number;
          "day": string;
          "input_tokens"?: number;
          "org_id": string;
          "output_tokens"?: number;
          "turns"?: number;
        };
        Update: {
          "cost_usd"?: number;
          "day"?: string;
          "input_tokens"?: number;
          "org_id"?: string;
          "output_tokens"?: number;
          "turns"?: number;
        };
        Relationships: [
          {
            foreignKeyName: "language_model_usage_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "leads": {
        Row: {
          "contact_id": string | null;
          "contacted_at": string | null;
          "converted_at": string | null;
          "created_at": string;
          "id": string;
          "metadata": NonNullable<Json>;
          "name": string | null;
          "notes": string | null;
          "org_id": string | null;
          "phone_number": string | null;
          "qualified_at": string | null;
          "rejected_at": string | null;
          "source": string;
          "state": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "contact_id"?: string | null;
          "contacted_at"?: string | null;
          "converted_at"?: string | null;
          "created_at"?: string;
          "id"?: string;
          "metadata"?: NonNullable<Json>;
          "name"?: string | null;
          "notes"?: string | null;
          "org_id"?: string | null;
          "phone_number"?: string | null;
          "qualified_at"?: string | null;
          "rejected_at"?: string | null;
          "source"?: string;
          "state"?: string;
          "updated_at"?: string;
        };
        Update: {
          "contact_id"?: string | null;
          "contacted_at"?: string | null;
          "converted_at"?: string | null;
          "created_at"?: string;
          "id"?: string;
          "metadata"?: NonNullable<Json>;
          "name"?: string | null;
          "notes"?: string | null;
          "org_id"?: string | null;
          "phone_number"?: string | null;
          "qualified_at"?: string | null;
          "rejected_at"?: string | null;
          "source"?: string;
          "state"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "leads_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "leads_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "leases": {
        Row: {
          "claimed_at": string;
          "expires_at": string;
          "fencing_token": number;
          "holder": string;
          "lease_seconds": number;
          "org_id": string;
          "released_at": string | null;
          "resource": string;
        };
        ComputedFields: never;
        Insert: {
          "claimed_at": string;
          "expires_at": string;
          "fencing_token": number;
          "holder": string;
          "lease_seconds": number;
          "org_id": string;
          "released_at"?: string | null;
          "resource": string;
        };
        Update: {
          "claimed_at"?: string;
          "expires_at"?: string;
          "fencing_token"?: number;
          "holder"?: string;
          "lease_seconds"?: number;
          "org_id"?: string;
          "released_at"?: string | null;
          "resource"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "leases_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "legacy_deliveries": {
        Row: {
          "agent": string | null;
          "attempts": number;
          "body": string | null;
          "claimed_at": string | null;
          "contact_id": string | null;
          "created_at": string;
          "dead_lettered_at": string | null;
          "due_at": string | null;
          "fencing_token": number | null;
          "forwarded_at": string | null;
          "id": string;
          "ignored_at": string | null;
          "is_whole": boolean;
          "last_error": string | null;
          "messages": NonNullable<Json>;
          "org_id": string | null;
          "queued_at": string;
          "response_status": number | null;
          "signature": string | null;
          "signed_by_org_id": string | null;
          "state": string;
          "statuses": NonNullable<Json>;
        };
        ComputedFields: never;
        Insert: {
          "agent"?: string | null;
          "attempts"?: number;
          "body"?: string | null;
          "claimed_at"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string;
          "dead_lettered_at"?: string | null;
          "due_at"?: string | null;
          "fencing_token"?: number | null;
          "forwarded_at"?: string | null;
          "id"?: string;
          "ignored_at"?: string | null;
          "is_whole": boolean;
          "last_error"?: string | null;
          "messages"?: NonNullable<Json>;
          "org_id"?: string | null;
          "queued_at"?: string;
          "response_status"?: number | null;
          "signature"?: string | null;
          "signed_by_org_id"?: string | null;
          "state"?: string;
          "statuses"?: NonNullable<Json>;
        };
        Update: {
          "agent"?: string | null;
          "attempts"?: number;
          "body"?: string | null;
          "claimed_at"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string;
          "dead_lettered_at"?: string | null;
          "due_at"?: string | null;
          "fencing_token"?: number | null;
          "forwarded_at"?: string | null;
          "id"?: string;
          "ignored_at"?: string | null;
          "is_whole"?: boolean;
          "last_error"?: string | null;
          "messages"?: NonNullable<Json>;
          "org_id"?: string | null;
          "queued_at"?: string;
          "response_status"?: number | null;
          "signature"?: string | null;
          "signed_by_org_id"?: string | null;
          "state"?: string;
          "statuses"?: NonNullable<Json>;
        };
        Relationships: [
          {
            foreignKeyName: "legacy_deliveries_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "legacy_deliveries_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "legacy_deliveries_signed_by_org_id_fkey";
            columns: ["signed_by_org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "listing_imports": {
        Row: {
          "completed_at": string | null;
          "counts": NonNullable<Json>;
          "created_at": string;
          "id": string;
          "last_key": string | null;
          "mapping": NonNullable<Json>;
          "org_id": string;
          "pass": number;
          "source": string;
          "started_at": string;
          "state": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "completed_at"?: string | null;
          "counts"?: NonNullable<Json>;
          "created_at"?: string;
          "id"?: string;
          "last_key"?: string | null;
          "mapping": NonNullable<Json>;
          "org_id": string;
          "pass"?: number;
          "source": string;
          "started_at"?: string;
          "state"?: string;
          "updated_at"?: string;
        };
        Update: {
          "completed_at"?: string | null;
          "counts"?: NonNullable<Json>;
          "created_at"?: string;
          "id"?: string;
          "last_key"?: string | null;
          "mapping"?: NonNullable<Json>;
          "org_id"?: string;
          "pass"?: number;
          "source"?: string;
          "started_at"?: string;
          "state"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "listing_imports_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "metric_gauges": {
        Row: {
          "gauge": string;
          "label": string;
          "org_id": string | null;
          "scope": string;
          "value": number;
        };
        ComputedFields: never;
        Insert: {
          "gauge": string;
          "label"?: string;
          "org_id"?: string | null;
          "scope"?: never;
          "value": number;
        };
        Update: {
          "gauge"?: string;
          "label"?: string;
          "org_id"?: string | null;
          "scope"?: never;
          "value"?: number;
        };
        Relationships: [
          {
            foreignKeyName: "metric_gauges_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "metric_hours": {
        Row: {
          "duration_counts": (number)[];
          "duration_ms_total": number;
          "failed_count": number;
          "hour": string;
          "label": string;
          "metric": string;
          "org_id": string | null;
          "scope": string;
          "succeeded_count": number;
          "value_total": number;
        };
        ComputedFields: never;
        Insert: {
          "duration_counts"?: (number)[];
          "duration_ms_total"?: number;
          "failed_count"?: number;
          "hour": string;
          "label"?: string;
          "metric": string;
          "org_id"?: string | null;
          "scope"?: never;
          "succeeded_count"?: number;
          "value_total"?: number;
        };
        Update: {
          "duration_counts"?: (number)[];
          "duration_ms_total"?: number;
          "failed_count"?: number;
          "hour"?: string;
          "label"?: string;
          "metric"?: string;
          "org_id"?: string | null;
          "scope"?: never;
          "succeeded_count"?: number;
          "value_total"?: number;
        };
        Relationships: [
          {
            foreignKeyName: "metric_hours_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "metric_minutes": {
        Row: {
          "duration_counts": (number)[];
          "duration_ms_total": number;
          "failed_count": number;
          "label": string;
          "metric": string;
          "minute": string;
          "org_id": string | null;
          "scope": string;
          "succeeded_count": number;
          "value_total": number;
        };
        ComputedFields: never;
        Insert: {
          "duration_counts"?: (number)[];
          "duration_ms_total"?: number;
          "failed_count"?: number;
          "label"?: string;
          "metric": string;
          "minute": string;
          "org_id"?: string | null;
          "scope"?: never;
          "succeeded_count"?: number;
          "value_total"?: number;
        };
        Update: {
          "duration_counts"?: (number)[];
          "duration_ms_total"?: number;
          "failed_count"?: number;
          "label"?: string;
          "metric"?: string;
          "minute"?: string;
          "org_id"?: string | null;
          "scope"?: never;
          "succeeded_count"?: number;
          "value_total"?: number;
        };
        Relationships: [
          {
            foreignKeyName: "metric_minutes_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "operation_events": {
        Row: {
          "actor": string;
          "created_at": string;
          "database_ms": number | null;
          "details": NonNullable<Json>;
          "duration_ms": number | null;
          "id": string;
          "operation": string;
          "org_id": string | null;
          "outcome": string;
          "request_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "actor": string;
          "created_at"?: string;
          "database_ms"?: number | null;
          "details"?: NonNullable<Json>;
          "duration_ms"?: number | null;
          "id"?: string;
          "operation": string;
          "org_id"?: string | null;
          "outcome": string;
          "request_id"?: string | null;
        };
        Update: {
          "actor"?: string;
          "created_at"?: string;
          "database_ms"?: number | null;
          "details"?: NonNullable<Json>;
          "duration_ms"?: number | null;
          "id"?: string;
          "operation"?: string;
          "org_id"?: string | null;
          "outcome"?: string;
          "request_id"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "operation_events_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "organization_members": {
        Row: {
          "created_at": string;
          "org_id": string;
          "role": string;
          "updated_at": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "org_id": string;
          "role": string;
          "updated_at"?: string;
          "user_id": string;
        };
        Update: {
          "created_at"?: string;
          "org_id"?: string;
          "role"?: string;
          "updated_at"?: string;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "organization_members_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "organization_settings": {
        Row: {
          "auto_sync": boolean;
          "business_hours": NonNullable<Json>;
          "call_countries": (string)[];
          "calling_hours": NonNullable<Json>;
          "created_at": string;
          "currency": string;
          "daily_call_minutes": number;
          "daily_token_budget": number;
          "drift_policy": string;
          "enabled_tools": (string)[];
          "fallback_text": string;
          "language": string;
          "missed_call_follow_up": boolean;
          "org_id": string;
          "phone_knowledge_mode": string;
          "quiet_hours": NonNullable<Json>;
          "revision": number;
          "template_names": NonNullable<Json>;
          "test_numbers": (string)[];
          "time_zone": string;
          "transfer_number": string | null;
          "updated_at": string;
          "webhook_secret_version": number;
        };
        ComputedFields: never;
        Insert: {
          "auto_sync"?: boolean;
          "business_hours"?: NonNullable<Json>;
          "call_countries"?: (string)[];
          "calling_hours"?: NonNullable<Json>;
          "created_at"?: string;
          "currency"?: string;
          "daily_call_minutes"?: number;
          "daily_token_budget"?: number;
          "drift_policy"?: string;
          "enabled_tools"?: (string)[];
          "fallback_text"?: string;
          "language"?: string;
          "missed_call_follow_up"?: boolean;
          "org_id": string;
          "phone_knowledge_mode"?: string;
          "quiet_hours"?: NonNullable<Json>;
          "revision"?: number;
          "template_names"?: NonNullable<Json>;
          "test_numbers"?: (string)[];
          "time_zone"?: string;
          "transfer_number"?: string | null;
          "updated_at"?: string;
          "webhook_secret_version"?: number;
        };
        Update: {
          "auto_sync"?: boolean;
          "business_hours"?: NonNullable<Json>;
          "call_countries"?: (string)[];
          "calling_hours"?: NonNullable<Json>;
          "created_at"?: string;
          "currency"?: string;
          "daily_call_minutes"?: number;
          "daily_token_budget"?: number;
          "drift_policy"?: string;
          "enabled_tools"?: (string)[];
          "fallback_text"?: string;
          "language"?: string;
          "missed_call_follow_up"?: boolean;
          "org_id"?: string;
          "phone_knowledge_mode"?: string;
          "quiet_hours"?: NonNullable<Json>;
          "revision"?: number;
          "template_names"?: NonNullable<Json>;
          "test_numbers"?: (string)[];
          "time_zone"?: string;
          "transfer_number"?: string | null;
          "updated_at"?: string;
          "webhook_secret_version"?: number;
        };
        Relationships: [
          {
            foreignKeyName: "organization_settings_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: true;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "organizations": {
        Row: {
          "created_at": string;
          "id": string;
          "is_canary": boolean;
          "name": string;
          "parent_id": string | null;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "id"?: string;
          "is_canary"?: boolean;
          "name": string;
          "parent_id"?: string | null;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "id"?: string;
          "is_canary"?: boolean;
          "name"?: string;
          "parent_id"?: string | null;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "organizations_parent_id_fkey";
            columns: ["parent_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "outbound_messages": {
        Row: {
          "attempts": number;
          "cancelled_at": string | null;
          "claimed_at": string | null;
          "contact_id": string;
          "content": NonNullable<Json>;
          "correlation_id": string | null;
          "created_at": string;
          "dedupe_key": string | null;
          "delivered_at": string | null;
          "error": string | null;
          "error_code": number | null;
          "expired_at": string | null;
          "expires_at": string;
          "failed_at": string | null;
          "fencing_token": number | null;
          "id": string;
          "kind": string;
          "not_before": string;
          "org_id": string;
          "queued_at": string;
          "read_at": string | null;
          "refused_at": string | null;
          "refused_wamids": (string)[];
          "reply_to_wamid": string | null;
          "sent_at": string | null;
          "sequence": number;
          "session_id": string | null;
          "state": string;
          "type": string;
          "unknown_at": string | null;
          "wamid": string | null;
        };
        ComputedFields: never;
        Insert: {
          "attempts"?: number;
          "cancelled_at"?: string | null;
          "claimed_at"?: string | null;
          "contact_id": string;
          "content": NonNullable<Json>;
          "correlation_id"?: string | null;
          "created_at"?: string;
          "dedupe_key"?: string | null;
          "delivered_at"?: string | null;
          "error"?: string | null;
          "error_code"?: number | null;
          "expired_at"?: string | null;
          "expires_at"?: string;
          "failed_at"?: string | null;
          "fencing_token"?: number | null;
          "id"?: string;
          "kind": string;
          "not_before"?: string;
          "org_id": string;
          "queued_at"?: string;
          "read_at"?: string | null;
          "refused_at"?: string | null;
          "refused_wamids"?: (string)[];
          "reply_to_wamid"?: string | null;
          "sent_at"?: string | null;
          "sequence"?: number;
          "session_id"?: string | null;
          "state"?: string;
          "type": string;
          "unknown_at"?: string | null;
          "wamid"?: string | null;
        };
        Update: {
          "attempts"?: number;
          "cancelled_at"?: string | null;
          "claimed_at"?: string | null;
          "contact_id"?: string;
          "content"?: NonNullable<Json>;
          "correlation_id"?: string | null;
          "created_at"?: string;
          "dedupe_key"?: string | null;
          "delivered_at"?: string | null;
          "error"?: string | null;
          "error_code"?: number | null;
          "expired_at"?: string | null;
          "expires_at"?: string;
          "failed_at"?: string | null;
          "fencing_token"?: number | null;
          "id"?: string;
          "kind"?: string;
          "not_before"?: string;
          "org_id"?: string;
          "queued_at"?: string;
          "read_at"?: string | null;
          "refused_at"?: string | null;
          "refused_wamids"?: (string)[];
          "reply_to_wamid"?: string | null;
          "sent_at"?: string | null;
          "sequence"?: number;
          "session_id"?: string | null;
          "state"?: string;
          "type"?: string;
          "unknown_at"?: string | null;
          "wamid"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "outbound_messages_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "outbound_messages_session_fkey";
            columns: ["org_id", "session_id"];
            isOneToOne: false;
            referencedRelation: "unified_sessions";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "outbound_pauses": {
        Row: {
          "org_id": string;
          "paused_at": string;
          "paused_until": string;
          "reason": string;
        };
        ComputedFields: never;
        Insert: {
          "org_id": string;
          "paused_at"?: string;
          "paused_until": string;
          "reason": string;
        };
        Update: {
          "org_id"?: string;
          "paused_at"?: string;
          "paused_until"?: string;
          "reason"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "outbound_pauses_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: true;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "policy_requests": {
        Row: {
          "contact_id": string | null;
          "cover": string;
          "created_at": string;
          "currency": string;
          "declined_at": string | null;
          "details": NonNullable<Json>;
          "id": string;
          "issued_at": string | null;
          "org_id": string;
          "requested_at": string;
          "state": string;
          "updated_at": string;
          "vehicle": string;
          "yearly_price": number;
        };
        ComputedFields: never;
        Insert: {
          "contact_id"?: string | null;
          "cover": string;
          "created_at"?: string;
          "currency": string;
          "declined_at"?: string | null;
          "details"?: NonNullable<Json>;
          "id"?: string;
          "issued_at"?: string | null;
          "org_id": string;
          "requested_at"?: string;
          "state"?: string;
          "updated_at"?: string;
          "vehicle": string;
          "yearly_price": number;
        };
        Update: {
          "contact_id"?: string | null;
          "cover"?: string;
          "created_at"?: string;
          "currency"?: string;
          "declined_at"?: string | null;
          "details"?: NonNullable<Json>;
          "id"?: string;
          "issued_at"?: string | null;
          "org_id"?: string;
          "requested_at"?: string;
          "state"?: string;
          "updated_at"?: string;
          "vehicle"?: string;
          "yearly_price"?: number;
        };
        Relationships: [
          {
            foreignKeyName: "policy_requests_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "policy_requests_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "processed_webhook_events": {
        Row: {
          "created_at": string;
          "event_id": string;
          "event_type": string;
          "id": number;
          "org_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "event_id": string;
          "event_type": string;
          "id"?: never;
          "org_id"?: string | null;
        };
        Update: {
          "created_at"?: string;
          "event_id"?: string;
          "event_type"?: string;
          "id"?: never;
          "org_id"?: string | null;
        };
        Relationships: [];
      };
      "provider_call_stats": {
        Row: {
          "call_count": number;
          "duration_ms_max": number;
          "duration_ms_total": number;
          "minute": string;
          "operation": string;
          "org_id": string;
          "outcome": string;
          "provider": string;
        };
        ComputedFields: never;
        Insert: {
          "call_count": number;
          "duration_ms_max": number;
          "duration_ms_total": number;
          "minute": string;
          "operation": string;
          "org_id": string;
          "outcome": string;
          "provider": string;
        };
        Update: {
          "call_count"?: number;
          "duration_ms_max"?: number;
          "duration_ms_total"?: number;
          "minute"?: string;
          "operation"?: string;
          "org_id"?: string;
          "outcome"?: string;
          "provider"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "provider_call_stats_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "rate_limits": {
        Row: {
          "capacity": number;
          "operation": string;
          "org_id": string;
          "refill_per_second": number;
          "refilled_at": string;
          "refused_count": number;
          "refused_from": string | null;
          "tokens": number;
        };
        ComputedFields: never;
        Insert: {
          "capacity": number;
          "operation": string;
          "org_id": string;
          "refill_per_second": number;
          "refilled_at": string;
          "refused_count"?: number;
          "refused_from"?: string | null;
          "tokens": number;
        };
        Update: {
          "capacity"?: number;
          "operation"?: string;
          "org_id"?: string;
          "refill_per_second"?: number;
          "refilled_at"?: string;
          "refused_count"?: number;
          "refused_from"?: string | null;
          "tokens"?: number;
        };
        Relationships: [
          {
            foreignKeyName: "rate_limits_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "recording_upload_queue": {
        Row: {
          "attempts": number;
          "call_tracking_id": string;
          "content_type": string | null;
          "created_at": string;
          "dead_lettered_at": string | null;
          "due_at": string;
          "fencing_token": number;
          "id": string;
          "last_error": string | null;
          "org_id": string | null;
          "queued_at": string;
          "size_bytes": number | null;
          "source_url": string;
          "state": string;
          "storage_path": string | null;
          "updated_at": string;
          "uploaded_at": string | null;
          "vapi_call_id": string;
        };
        ComputedFields: never;
        Insert: {
          "attempts"?: number;
          "call_tracking_id": string;
          "content_type"?: string | null;
          "created_at"?: string;
          "dead_lettered_at"?: string | null;
          "due_at"?: string;
          "fencing_token"?: number;
          "id"?: string;
          "last_error"?: string | null;
          "org_id"?: string | null;
          "queued_at"?: string;
          "size_bytes"?: number | null;
          "source_url": string;
          "state"?: string;
          "storage_path"?: string | null;
          "updated_at"?: string;
          "uploaded_at"?: string | null;
          "vapi_call_id": string;
        };
        Update: {
          "attempts"?: number;
          "call_tracking_id"?: string;
          "content_type"?: string | null;
          "created_at"?: string;
          "dead_lettered_at"?: string | null;
          "due_at"?: string;
          "fencing_token"?: number;
          "id"?: string;
          "last_error"?: string | null;
          "org_id"?: string | null;
          "queued_at"?: string;
          "size_bytes"?: number | null;
          "source_url"?: string;
          "state"?: string;
          "storage_path"?: string | null;
          "updated_at"?: string;
          "uploaded_at"?: string | null;
          "vapi_call_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "recording_upload_queue_call_tracking_fkey";
            columns: ["org_id", "call_tracking_id"];
            isOneToOne: false;
            referencedRelation: "call_tracking";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "recording_upload_queue_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "rollout_stages": {
        Row: {
          "completed_at": string | null;
          "entered_at": string;
          "entered_by": string;
          "entered_reason": string | null;
          "evaluated_at": string | null;
          "id": string;
          "is_enabled": boolean;
          "is_good": boolean;
          "left_at": string | null;
          "left_by": string | null;
          "left_reason": string | null;
          "measures": Json | null;
          "outcome": string | null;
          "percent": number;
          "verdict": Json | null;
        };
        ComputedFields: never;
        Insert: {
          "completed_at"?: string | null;
          "entered_at"?: string;
          "entered_by": string;
          "entered_reason"?: string | null;
          "evaluated_at"?: string | null;
          "id"?: string;
          "is_enabled": boolean;
          "is_good"?: boolean;
          "left_at"?: string | null;
          "left_by"?: string | null;
          "left_reason"?: string | null;
          "measures"?: Json | null;
          "outcome"?: string | null;
          "percent": number;
          "verdict"?: Json | null;
        };
        Update: {
          "completed_at"?: string | null;
          "entered_at"?: string;
          "entered_by"?: string;
          "entered_reason"?: string | null;
          "evaluated_at"?: string | null;
          "id"?: string;
          "is_enabled"?: boolean;
          "is_good"?: boolean;
          "left_at"?: string | null;
          "left_by"?: string | null;
          "left_reason"?: string | null;
          "measures"?: Json | null;
          "outcome"?: string | null;
          "percent"?: number;
          "verdict"?: Json | null;
        };
        Relationships: [];
      };
      "service_levels": {
        Row: {
          "budget_days": number;
          "created_at": string;
          "description": string;
          "label": string | null;
          "metric": string;
          "name": string;
          "objective": number;
          "threshold_ms": number | null;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "budget_days"?: number;
          "created_at"?: string;
          "description": string;
          "label"?: string | null;
          "metric": string;
          "name": string;
          "objective": number;
          "threshold_ms"?: number | null;
          "updated_at"?: string;
        };
        Update: {
          "budget_days"?: number;
          "created_at"?: string;
          "description"?: string;
          "label"?: string | null;
          "metric"?: string;
          "name"?: string;
          "objective"?: number;
          "threshold_ms"?: number | null;
          "updated_at"?: string;
        };
        Relationships: [];
      };
      "session_ratings": {
        Row: {
          "contact_id": string;
          "id": string;
          "org_id": string;
          "rated_at": string;
          "rating": string;
          "session_id": string;
        };
        ComputedFields: never;
        Insert: {
          "contact_id": string;
          "id"?: string;
          "org_id": string;
          "rated_at"?: string;
          "rating": string;
          "session_id": string;
        };
        Update: {
          "contact_id"?: string;
          "id"?: string;
          "org_id"?: string;
          "rated_at"?: string;
          "rating"?: string;
          "session_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "session_ratings_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "session_ratings_session_fkey";
            columns: ["org_id", "session_id"];
            isOneToOne: true;
            referencedRelation: "unified_sessions";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "taken_messages": {
        Row: {
          "body": string;
          "call_tracking_id": string | null;
          "callback_number": string | null;
          "caller_name": string | null;
          "channel": string;
          "contact_id": string | null;
          "created_at": string;
          "id": string;
          "org_id": string;
          "read_at": string | null;
          "state": string;
          "taken_at": string;
          "urgent": boolean;
        };
        ComputedFields: never;
        Insert: {
          "body": string;
          "call_tracking_id"?: string | null;
          "callback_number"?: string | null;
          "caller_name"?: string | null;
          "channel": string;
          "contact_id"?: string | null;
          "created_at"?: string;
          "id"?: string;
          "org_id": string;
          "read_at"?: string | null;
          "state"?: string;
          "taken_at"?: string;
          "urgent"?: boolean;
        };
        Update: {
          "body"?: string;
          "call_tracking_id"?: string | null;
          "callback_number"?: string | null;
          "caller_name"?: string | null;
          "channel"?: string;
          "contact_id"?: string | null;
          "created_at"?: string;
          "id"?: string;
          "org_id"?: string;
          "read_at"?: string | null;
          "state"?: string;
          "taken_at"?: string;
          "urgent"?: boolean;
        };
        Relationships: [
          {
            foreignKeyName: "taken_messages_call_tracking_fkey";
            columns: ["org_id", "call_tracking_id"];
            isOneToOne: false;
            referencedRelation: "call_tracking";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "taken_messages_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "taken_messages_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "tickets": {
        Row: {
          "body": string;
          "contact_id": string | null;
          "created_at": string;
          "id": string;
          "number": string;
          "opened_at": string;
          "org_id": string;
          "resolved_at": string | null;
          "state": string;
          "subject": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "body"?: string;
          "contact_id"?: string | null;
          "created_at"?: string;
          "id"?: string;
          "number": string;
          "opened_at"?: string;
          "org_id": string;
          "resolved_at"?: string | null;
          "state"?: string;
          "subject": string;
          "updated_at"?: string;
        };
        Update: {
          "body"?: string;
          "contact_id"?: string | null;
          "created_at"?: string;
          "id"?: string;
          "number"?: string;
          "opened_at"?: string;
          "org_id"?: string;
          "resolved_at"?: string | null;
          "state"?: string;
          "subject"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "tickets_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "tickets_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "tool_calls": {
        Row: {
          "acted": boolean;
          "arguments": NonNullable<Json>;
          "channel": string;
          "conversation_id": string;
          "created_at": string;
          "duration_ms": number | null;
          "error": string | null;
          "id": string;
          "org_id": string;
          "result": string | null;
          "tool": string;
          "tool_call_id": string;
          "used_at": string | null;
          "withheld": boolean;
        };
        ComputedFields: never;
        Insert: {
          "acted"?: boolean;
          "arguments"?: NonNullable<Json>;
          "channel": string;
          "conversation_id": string;
          "created_at"?: string;
          "duration_ms"?: number | null;
          "error"?: string | null;
          "id"?: string;
          "org_id": string;
          "result"?: string | null;
          "tool": string;
          "tool_call_id": string;
          "used_at"?: string | null;
          "withheld"?: boolean;
        };
        Update: {
          "acted"?: boolean;
          "arguments"?: NonNullable<Json>;
          "channel"?: string;
          "conversation_id"?: string;
          "created_at"?: string;
          "duration_ms"?: number | null;
          "error"?: string | null;
          "id"?: string;
          "org_id"?: string;
          "result"?: string | null;
          "tool"?: string;
          "tool_call_id"?: string;
          "used_at"?: string | null;
          "withheld"?: boolean;
        };
        Relationships: [
          {
            foreignKeyName: "tool_calls_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "unified_agent_events": {
        Row: {
          "agent": string | null;
          "channel": string;
          "contact_id": string | null;
          "correlation_id": string;
          "cost_usd": number | null;
          "created_at": string;
          "database_ms": number | null;
          "details": NonNullable<Json>;
          "duration_ms": number | null;
          "error": string | null;
          "event_type": string;
          "flow": string | null;
          "flow_step": string | null;
          "handed_off_from": string | null;
          "id": string;
          "input_tokens": number | null;
          "intent": string | null;
          "intent_confidence": number | null;
          "intent_method": string | null;
          "message_count": number;
          "org_id": string;
          "outcome": string;
          "output_tokens": number | null;
          "response_ms": number | null;
          "session_id": string | null;
          "tools": NonNullable<Json>;
        };
        ComputedFields: never;
        Insert: {
          "agent"?: string | null;
          "channel"?: string;
          "contact_id"?: string | null;
          "correlation_id": string;
          "cost_usd"?: number | null;
          "created_at"?: string;
          "database_ms"?: number | null;
          "details"?: NonNullable<Json>;
          "duration_ms"?: number | null;
          "error"?: string | null;
          "event_type": string;
          "flow"?: string | null;
          "flow_step"?: string | null;
          "handed_off_from"?: string | null;
          "id"?: string;
          "input_tokens"?: number | null;
          "intent"?: string | null;
          "intent_confidence"?: number | null;
          "intent_method"?: string | null;
          "message_count"?: number;
          "org_id": string;
          "outcome": string;
          "output_tokens"?: number | null;
          "response_ms"?: number | null;
          "session_id"?: string | null;
          "tools"?: NonNullable<Json>;
        };
        Update: {
          "agent"?: string | null;
          "channel"?: string;
          "contact_id"?: string | null;
          "correlation_id"?: string;
          "cost_usd"?: number | null;
          "created_at"?: string;
          "database_ms"?: number | null;
          "details"?: NonNullable<Json>;
          "duration_ms"?: number | null;
          "error"?: string | null;
          "event_type"?: string;
          "flow"?: string | null;
          "flow_step"?: string | null;
          "handed_off_from"?: string | null;
          "id"?: string;
          "input_tokens"?: number | null;
          "intent"?: string | null;
          "intent_confidence"?: number | null;
          "intent_method"?: string | null;
          "message_count"?: number;
          "org_id"?: string;
          "outcome"?: string;
          "output_tokens"?: number | null;
          "response_ms"?: number | null;
          "session_id"?: string | null;
          "tools"?: NonNullable<Json>;
        };
        Relationships: [
          {
            foreignKeyName: "unified_agent_events_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "unified_applications": {
        Row: {
          "accepted_at": string | null;
          "contact_id": string;
          "created_at": string;
          "declined_at": string | null;
          "details": NonNullable<Json>;
          "id": string;
          "kind": string;
          "listing_id": string;
          "org_id": string;
          "state": string;
          "submitted_at": string;
          "updated_at": string;
          "withdrawn_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "accepted_at"?: string | null;
          "contact_id": string;
          "created_at"?: string;
          "declined_at"?: string | null;
          "details"?: NonNullable<Json>;
          "id"?: string;
          "kind": string;
          "listing_id": string;
          "org_id": string;
          "state"?: string;
          "submitted_at"?: string;
          "updated_at"?: string;
          "withdrawn_at"?: string | null;
        };
        Update: {
          "accepted_at"?: string | null;
          "contact_id"?: string;
          "created_at"?: string;
          "declined_at"?: string | null;
          "details"?: NonNullable<Json>;
          "id"?: string;
          "kind"?: string;
          "listing_id"?: string;
          "org_id"?: string;
          "state"?: string;
          "submitted_at"?: string;
          "updated_at"?: string;
          "withdrawn_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "unified_applications_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "listing_id"];
            isOneToOne: false;
            referencedRelation: "job_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "listing_id"];
            isOneToOne: false;
            referencedRelation: "jobs";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "listing_id"];
            isOneToOne: false;
            referencedRelation: "marketplace_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "listing_id"];
            isOneToOne: false;
            referencedRelation: "produce_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "listing_id"];
            isOneToOne: false;
            referencedRelation: "properties";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "listing_id"];
            isOneToOne: false;
            referencedRelation: "unified_listings";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "unified_listings": {
        Row: {
          "attributes": NonNullable<Json>;
          "category": string | null;
          "category_key": string | null;
          "closed_at": string | null;
          "contact_id": string | null;
          "created_at": string;
          "currency": string;
          "description": string;
          "domain": string;
          "expired_at": string | null;
          "expires_at": string;
          "id": string;
          "language": string;
          "latitude": number | null;
          "longitude": number | null;
          "org_id": string;
          "place_name": string | null;
          "price": number | null;
          "price_unit": string | null;
          "quantity": number | null;
          "revision": number;
          "side": string;
          "sold_at": string | null;
          "state": string;
          "title": string;
          "updated_at": string;
          "words": unknown;
        };
        ComputedFields: never;
        Insert: {
          "attributes"?: NonNullable<Json>;
          "category"?: string | null;
          "category_key"?: never;
          "closed_at"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string;
          "currency"?: string;
          "description"?: string;
          "domain": string;
          "expired_at"?: string | null;
          "expires_at"?: string;
          "id"?: string;
          "language"?: string;
          "latitude"?: number | null;
          "longitude"?: number | null;
          "org_id": string;
          "place_name"?: string | null;
          "price"?: number | null;
          "price_unit"?: string | null;
          "quantity"?: number | null;
          "revision"?: number;
          "side"?: string;
          "sold_at"?: string | null;
          "state"?: string;
          "title": string;
          "updated_at"?: string;
          "words"?: never;
        };
        Update: {
          "attributes"?: NonNullable<Json>;
          "category"?: string | null;
          "category_key"?: never;
          "closed_at"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string;
          "currency"?: string;
          "description"?: string;
          "domain"?: string;
          "expired_at"?: string | null;
          "expires_at"?: string;
          "id"?: string;
          "language"?: string;
          "latitude"?: number | null;
          "longitude"?: number | null;
          "org_id"?: string;
          "place_name"?: string | null;
          "price"?: number | null;
          "price_unit"?: string | null;
          "quantity"?: number | null;
          "revision"?: number;
          "side"?: string;
          "sold_at"?: string | null;
          "state"?: string;
          "title"?: string;
          "updated_at"?: string;
          "words"?: never;
        };
        Relationships: [
          {
            foreignKeyName: "unified_listings_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_listings_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "unified_matches": {
        Row: {
          "created_at": string;
          "domain": string;
          "id": string;
          "offer_id": string;
          "org_id": string;
          "request_id": string;
          "score": number;
          "told_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "domain": string;
          "id"?: string;
          "offer_id": string;
          "org_id": string;
          "request_id": string;
          "score": number;
          "told_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "domain"?: string;
          "id"?: string;
          "offer_id"?: string;
          "org_id"?: string;
          "request_id"?: string;
          "score"?: number;
          "told_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "unified_matches_offer_fkey";
            columns: ["org_id", "offer_id"];
            isOneToOne: false;
            referencedRelation: "job_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_matches_offer_fkey";
            columns: ["org_id", "offer_id"];
            isOneToOne: false;
            referencedRelation: "jobs";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_matches_offer_fkey";
            columns: ["org_id", "offer_id"];
            isOneToOne: false;
            referencedRelation: "marketplace_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_matches_offer_fkey";
            columns: ["org_id", "offer_id"];
            isOneToOne: false;
            referencedRelation: "produce_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_matches_offer_fkey";
            columns: ["org_id", "offer_id"];
            isOneToOne: false;
            referencedRelation: "properties";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_matches_offer_fkey";
            columns: ["org_id", "offer_id"];
            isOneToOne: false;
            referencedRelation: "unified_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_matches_request_fkey";
            columns: ["org_id", "request_id"];
            isOneToOne: false;
            referencedRelation: "job_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_matches_request_fkey";
            columns: ["org_id", "request_id"];
            isOneToOne: false;
            referencedRelation: "jobs";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_matches_request_fkey";
            columns: ["org_id", "request_id"];
            isOneToOne: false;
            referencedRelation: "marketplace_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_matches_request_fkey";
            columns: ["org_id", "request_id"];
            isOneToOne: false;
            referencedRelation: "produce_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_matches_request_fkey";
            columns: ["org_id", "request_id"];
            isOneToOne: false;
            referencedRelation: "properties";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_matches_request_fkey";
            columns: ["org_id", "request_id"];
            isOneToOne: false;
            referencedRelation: "unified_listings";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "unified_sessions": {
        Row: {
          "channel": string;
          "collected_data": NonNullable<Json>;
          "completed_at": string | null;
          "contact_id": string;
          "context": NonNullable<Json>;
          "created_at": string;
          "current_agent": string | null;
          "expired_at": string | null;
          "flow": string | null;
          "flow_step": string | null;
          "id": string;
          "last_message_at": string;
          "location": Json | null;
          "messages": NonNullable<Json>;
          "org_id": string;
          "preferences": NonNullable<Json>;
          "started_at": string;
          "status": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "channel"?: string;
          "collected_data"?: NonNullable<Json>;
          "completed_at"?: string | null;
          "contact_id": string;
          "context"?: NonNullable<Json>;
          "created_at"?: string;
          "current_agent"?: string | null;
          "expired_at"?: string | null;
          "flow"?: string | null;
          "flow_step"?: string | null;
          "id"?: string;
          "last_message_at"?: string;
          "location"?: Json | null;
          "messages"?: NonNullable<Json>;
          "org_id": string;
          "preferences"?: NonNullable<Json>;
          "started_at"?: string;
          "status"?: string;
          "updated_at"?: string;
        };
        Update: {
          "channel"?: string;
          "collected_data"?: NonNullable<Json>;
          "completed_at"?: string | null;
          "contact_id"?: string;
          "context"?: NonNullable<Json>;
          "created_at"?: string;
          "current_agent"?: string | null;
          "expired_at"?: string | null;
          "flow"?: string | null;
          "flow_step"?: string | null;
          "id"?: string;
          "last_message_at"?: string;
          "location"?: Json | null;
          "messages"?: NonNullable<Json>;
          "org_id"?: string;
          "preferences"?: NonNullable<Json>;
          "started_at"?: string;
          "status"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "unified_sessions_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "unparsed_deliveries": {
        Row: {
          "body": string;
          "id": string;
          "reason": string;
          "received_at": string;
          "signed_by_org_id": string | null;
          "source": string;
        };
        ComputedFields: never;
        Insert: {
          "body": string;
          "id"?: string;
          "reason": string;
          "received_at"?: string;
          "signed_by_org_id"?: string | null;
          "source": string;
        };
        Update: {
          "body"?: string;
          "id"?: string;
          "reason"?: string;
          "received_at"?: string;
          "signed_by_org_id"?: string | null;
          "source"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "unparsed_deliveries_signed_by_org_id_fkey";
            columns: ["signed_by_org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "unroutable_deliveries": {
        Row: {
          "business_account_id": string | null;
          "deliveries": number;
          "id": string;
          "last_received_at": string;
          "payload": NonNullable<Json>;
          "payload_hash": string;
          "phone_number_id": string | null;
          "reason": string;
          "received_at": string;
          "signed_by_org_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "business_account_id"?: string | null;
          "deliveries"?: number;
          "id"?: string;
          "last_received_at"?: string;
          "payload": NonNullable<Json>;
          "payload_hash"?: never;
          "phone_number_id"?: string | null;
          "reason": string;
          "received_at"?: string;
          "signed_by_org_id"?: string | null;
        };
        Update: {
          "business_account_id"?: string | null;
          "deliveries"?: number;
          "id"?: string;
          "last_received_at"?: string;
          "payload"?: NonNullable<Json>;
          "payload_hash"?: never;
          "phone_number_id"?: string | null;
          "reason"?: string;
          "received_at"?: string;
          "signed_by_org_id"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "unroutable_deliveries_signed_by_org_id_fkey";
            columns: ["signed_by_org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "webhook_event_stats": {
        Row: {
          "event_count": number;
          "event_type": string;
          "minute": string;
          "org_id": string;
          "source": string;
        };
        ComputedFields: never;
        Insert: {
          "event_count": number;
          "event_type": string;
          "minute": string;
          "org_id": string;
          "source": string;
        };
        Update: {
          "event_count"?: number;
          "event_type"?: string;
          "minute"?: string;
          "org_id"?: string;
          "source"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "webhook_event_stats_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "whatsapp_notices": {
        Row: {
          "business_account_id": string | null;
          "deliveries": number;
          "field": string;
          "id": string;
          "last_received_at": string;
          "org_id": string | null;
          "payload": NonNullable<Json>;
          "payload_hash": string;
          "phone_number_id": string | null;
          "received_at": string;
        };
        ComputedFields: never;
        Insert: {
          "business_account_id"?: string | null;
          "deliveries"?: number;
          "field": string;
          "id"?: string;
          "last_received_at"?: string;
          "org_id"?: string | null;
          "payload": NonNullable<Json>;
          "payload_hash"?: never;
          "phone_number_id"?: string | null;
          "received_at"?: string;
        };
        Update: {
          "business_account_id"?: string | null;
          "deliveries"?: number;
          "field"?: string;
          "id"?: string;
          "last_received_at"?: string;
          "org_id"?: string | null;
          "payload"?: NonNullable<Json>;
          "payload_hash"?: never;
          "phone_number_id"?: string | null;
          "received_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "whatsapp_notices_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "worker_heartbeats": {
        Row: {
          "completed_at": string | null;
          "details": NonNullable<Json>;
          "duration_ms": number | null;
          "failed_at": string | null;
          "kind": string;
          "last_heartbeat_at": string;
          "phase": string;
          "request_id": string | null;
          "started_at": string | null;
          "worker_id": string;
        };
        ComputedFields: never;
        Insert: {
          "completed_at"?: string | null;
          "details"?: NonNullable<Json>;
          "duration_ms"?: number | null;
          "failed_at"?: string | null;
          "kind": string;
          "last_heartbeat_at": string;
          "phase": string;
          "request_id"?: string | null;
          "started_at"?: string | null;
          "worker_id": string;
        };
        Update: {
          "completed_at"?: string | null;
          "details"?: NonNullable<Json>;
          "duration_ms"?: number | null;
          "failed_at"?: string | null;
          "kind"?: string;
          "last_heartbeat_at"?: string;
          "phase"?: string;
          "request_id"?: string | null;
          "started_at"?: string | null;
          "worker_id"?: string;
        };
        Relationships: [];
      };
    };
    Views: {
      "job_applications": {
        Row: {
          "applicant_id": string;
          "applied_at": string;
          "contact_id": string;
          "created_at": string;
          "id": string;
          "job_id": string;
          "metadata": NonNullable<Json>;
          "org_id": string;
          "status": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Relationships: [
          {
            foreignKeyName: "unified_applications_contact_fkey";
            columns: ["org_id", "applicant_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "job_id"];
            isOneToOne: false;
            referencedRelation: "job_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "job_id"];
            isOneToOne: false;
            referencedRelation: "jobs";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "job_id"];
            isOneToOne: false;
            referencedRelation: "marketplace_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "job_id"];
            isOneToOne: false;
            referencedRelation: "produce_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "job_id"];
            isOneToOne: false;
            referencedRelation: "properties";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "job_id"];
            isOneToOne: false;
            referencedRelation: "unified_listings";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
      "job_listings": {
        Row: {
          "category": string | null;
          "contact_id": string | null;
          "created_at": string;
          "currency": string;
          "description": string;
          "employer_id": string | null;
          "expires_at": string;
          "id": string;
          "latitude": number | null;
          "location": string | null;
          "longitude": number | null;
          "metadata": NonNullable<Json>;
          "org_id": string;
          "price": number | null;
          "price_unit": string | null;
          "quantity": number | null;
          "salary": string | null;
          "status": string;
          "title": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "category"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string | null;
          "currency"?: string | null;
          "description"?: string | null;
          "employer_id"?: string | null;
          "expires_at"?: string | null;
          "id"?: string | null;
          "latitude"?: number | null;
          "location"?: string | null;
          "longitude"?: number | null;
          "metadata"?: Json | null;
          "org_id"?: string | null;
          "price"?: number | null;
          "price_unit"?: string | null;
          "quantity"?: number | null;
          "salary"?: never;
          "status"?: string | null;
          "title"?: string | null;
          "updated_at"?: string | null;
        };
        Update: {
          "category"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string | null;
          "currency"?: string | null;
          "description"?: string | null;
          "employer_id"?: string | null;
          "expires_at"?: string | null;
          "id"?: string | null;
          "latitude"?: number | null;
          "location"?: string | null;
          "longitude"?: number | null;
          "metadata"?: Json | null;
          "org_id"?: string | null;
          "price"?: number | null;
          "price_unit"?: string | null;
          "quantity"?: number | null;
          "salary"?: never;
          "status"?: string | null;
          "title"?: string | null;
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "unified_listings_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_listings_contact_fkey";
            columns: ["org_id", "employer_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_listings_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "jobs": {
        Row: {
          "category": string | null;
          "contact_id": string | null;
          "created_at": string;
          "currency": string;
          "description": string;
          "employer_id": string | null;
          "expires_at": string;
          "id": string;
          "latitude": number | null;
          "location": string | null;
          "longitude": number | null;
          "metadata": NonNullable<Json>;
          "org_id": string;
          "price": number | null;
          "price_unit": string | null;
          "quantity": number | null;
          "salary": string | null;
          "status": string;
          "title": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "category"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string | null;
          "currency"?: string | null;
          "description"?: string | null;
          "employer_id"?: string | null;
          "expires_at"?: string | null;
          "id"?: string | null;
          "latitude"?: number | null;
          "location"?: string | null;
          "longitude"?: number | null;
          "metadata"?: Json | null;
          "org_id"?: string | null;
          "price"?: number | null;
          "price_unit"?: string | null;
          "quantity"?: number | null;
          "salary"?: never;
          "status"?: string | null;
          "title"?: string | null;
          "updated_at"?: string | null;
        };
        Update: {
          "category"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string | null;
          "currency"?: string | null;
          "description"?: string | null;
          "employer_id"?: string | null;
          "expires_at"?: string | null;
          "id"?: string | null;
          "latitude"?: number | null;
          "location"?: string | null;
          "longitude"?: number | null;
          "metadata"?: Json | null;
          "org_id"?: string | null;
          "price"?: number | null;
          "price_unit"?: string | null;
          "quantity"?: number | null;
          "salary"?: never;
          "status"?: string | null;
          "title"?: string | null;
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "unified_listings_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_listings_contact_fkey";
            columns: ["org_id", "employer_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_listings_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "marketplace_listings": {
        Row: {
          "category": string | null;
          "contact_id": string | null;
          "created_at": string;
          "currency": string;
          "description": string;
          "expires_at": string;
          "id": string;
          "latitude": number | null;
          "listing_type": string;
          "location": string | null;
          "longitude": number | null;
          "metadata": NonNullable<Json>;
          "org_id": string;
          "price": number | null;
          "price_unit": string | null;
          "quantity": number | null;
          "seller_id": string | null;
          "status": string;
          "title": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "category"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string | null;
          "currency"?: string | null;
          "description"?: string | null;
          "expires_at"?: string | null;
          "id"?: string | null;
          "latitude"?: number | null;
          "listing_type"?: string | null;
          "location"?: string | null;
          "longitude"?: number | null;
          "metadata"?: Json | null;
          "org_id"?: string | null;
          "price"?: number | null;
          "price_unit"?: string | null;
          "quantity"?: number | null;
          "seller_id"?: string | null;
          "status"?: string | null;
          "title"?: string | null;
          "updated_at"?: string | null;
        };
        Update: {
          "category"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string | null;
          "currency"?: string | null;
          "description"?: string | null;
          "expires_at"?: string | null;
          "id"?: string | null;
          "latitude"?: number | null;
          "listing_type"?: string | null;
          "location"?: string | null;
          "longitude"?: number | null;
          "metadata"?: Json | null;
          "org_id"?: string | null;
          "price"?: number | null;
          "price_unit"?: string | null;
          "quantity"?: number | null;
          "seller_id"?: string | null;
          "status"?: string | null;
          "title"?: string | null;
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "unified_listings_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_listings_contact_fkey";
            columns: ["org_id", "seller_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_listings_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "produce_listings": {
        Row: {
          "category": string | null;
          "contact_id": string | null;
          "created_at": string;
          "crop": string | null;
          "currency": string;
          "description": string;
          "expires_at": string;
          "farmer_id": string | null;
          "harvest_date": string | null;
          "id": string;
          "latitude": number | null;
          "location": string | null;
          "longitude": number | null;
          "metadata": NonNullable<Json>;
          "org_id": string;
          "price": number | null;
          "price_unit": string | null;
          "quantity": number | null;
          "status": string;
          "title": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "category"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string | null;
          "crop"?: never;
          "currency"?: string | null;
          "description"?: string | null;
          "expires_at"?: string | null;
          "farmer_id"?: string | null;
          "harvest_date"?: never;
          "id"?: string | null;
          "latitude"?: number | null;
          "location"?: string | null;
          "longitude"?: number | null;
          "metadata"?: Json | null;
          "org_id"?: string | null;
          "price"?: number | null;
          "price_unit"?: string | null;
          "quantity"?: number | null;
          "status"?: string | null;
          "title"?: string | null;
          "updated_at"?: string | null;
        };
        Update: {
          "category"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string | null;
          "crop"?: never;
          "currency"?: string | null;
          "description"?: string | null;
          "expires_at"?: string | null;
          "farmer_id"?: string | null;
          "harvest_date"?: never;
          "id"?: string | null;
          "latitude"?: number | null;
          "location"?: string | null;
          "longitude"?: number | null;
          "metadata"?: Json | null;
          "org_id"?: string | null;
          "price"?: number | null;
          "price_unit"?: string | null;
          "quantity"?: number | null;
          "status"?: string | null;
          "title"?: string | null;
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "unified_listings_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_listings_contact_fkey";
            columns: ["org_id", "farmer_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_listings_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "properties": {
        Row: {
          "bedrooms": string | null;
          "category": string | null;
          "contact_id": string | null;
          "created_at": string;
          "currency": string;
          "description": string;
          "expires_at": string;
          "id": string;
          "latitude": number | null;
          "listing_type": string | null;
          "location": string | null;
          "longitude": number | null;
          "metadata": NonNullable<Json>;
          "org_id": string;
          "owner_id": string | null;
          "price": number | null;
          "price_unit": string | null;
          "quantity": number | null;
          "status": string;
          "title": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "bedrooms"?: never;
          "category"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string | null;
          "currency"?: string | null;
          "description"?: string | null;
          "expires_at"?: string | null;
          "id"?: string | null;
          "latitude"?: number | null;
          "listing_type"?: never;
          "location"?: string | null;
          "longitude"?: number | null;
          "metadata"?: Json | null;
          "org_id"?: string | null;
          "owner_id"?: string | null;
          "price"?: number | null;
          "price_unit"?: string | null;
          "quantity"?: number | null;
          "status"?: string | null;
          "title"?: string | null;
          "updated_at"?: string | null;
        };
        Update: {
          "bedrooms"?: never;
          "category"?: string | null;
          "contact_id"?: string | null;
          "created_at"?: string | null;
          "currency"?: string | null;
          "description"?: string | null;
          "expires_at"?: string | null;
          "id"?: string | null;
          "latitude"?: number | null;
          "listing_type"?: never;
          "location"?: string | null;
          "longitude"?: number | null;
          "metadata"?: Json | null;
          "org_id"?: string | null;
          "owner_id"?: string | null;
          "price"?: number | null;
          "price_unit"?: string | null;
          "quantity"?: number | null;
          "status"?: string | null;
          "title"?: string | null;
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "unified_listings_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_listings_contact_fkey";
            columns: ["org_id", "owner_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_listings_org_id_fkey";
            columns: ["org_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "property_inquiries": {
        Row: {
          "contact_id": string;
          "created_at": string;
          "id": string;
          "inquirer_id": string;
          "inquiry_type": string;
          "message": string | null;
          "metadata": NonNullable<Json>;
          "org_id": string;
          "property_id": string;
          "status": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Relationships: [
          {
            foreignKeyName: "unified_applications_contact_fkey";
            columns: ["org_id", "contact_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_contact_fkey";
            columns: ["org_id", "inquirer_id"];
            isOneToOne: false;
            referencedRelation: "contacts";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "property_id"];
            isOneToOne: false;
            referencedRelation: "job_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "property_id"];
            isOneToOne: false;
            referencedRelation: "jobs";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "property_id"];
            isOneToOne: false;
            referencedRelation: "marketplace_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "property_id"];
            isOneToOne: false;
            referencedRelation: "produce_listings";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "property_id"];
            isOneToOne: false;
            referencedRelation: "properties";
            referencedColumns: ["org_id", "id"];
          },
          {
            foreignKeyName: "unified_applications_listing_fkey";
            columns: ["org_id", "property_id"];
            isOneToOne: false;
            referencedRelation: "unified_listings";
            referencedColumns: ["org_id", "id"];
          },
        ];
      };
    };
    Functions: {
      "acknowledge_alert": { Args: { "request": Json }; Returns: Json };
      "adopt_assistant": { Args: { "request": Json }; Returns: Json };
      "aggregate_metrics": { Args: { "request": Json }; Returns: Json };
      "apply_agent_template": { Args: { "request": Json }; Returns: Json };
      "authorize_request": { Args: { "request": Json }; Returns: Json };
      "begin_alert_evaluation": { Args: { "request": Json }; Returns: Json };
      "begin_listing_import": { Args: { "request": Json }; Returns: Json };
      "begin_workspace_save": { Args: { "request": Json }; Returns: Json };
      "change_app_config": { Args: { "request": Json }; Returns: Json };
      "claim_agent_sync": { Args: { "request": Json }; Returns: Json };
      "claim_alert_deliveries": { Args: { "request": Json }; Returns: Json };
      "claim_call_requests": { Args: { "request": Json }; Returns: Json };
      "claim_drift_checks": { Args: { "request": Json }; Returns: Json };
      "claim_due_turns": { Args: { "request": Json }; Returns: Json };
      "claim_jobs": { Args: { "request": Json }; Returns: Json };
      "claim_knowledge_sync": { Args: { "request": Json }; Returns: Json };
      "claim_legacy_deliveries": { Args: { "request": Json }; Returns: Json };
      "claim_outbound": { Args: { "request": Json }; Returns: Json };
      "claim_recordings": { Args: { "request": Json }; Returns: Json };
      "claim_stale_calls": { Args: { "request": Json }; Returns: Json };
      "claim_turn": { Args: { "request": Json }; Returns: Json };
      "complete_job": { Args: { "request": Json }; Returns: Json };
      "complete_request": { Args: { "request": Json }; Returns: Json };
      "complete_turn": { Args: { "request": Json }; Returns: Json };
      "contact_timeline": { Args: { "request": Json }; Returns: Json };
      "create_inbound_call_atomically": {
        Args: {
          "p_agent_id"?: string;
          "p_lead_id"?: string;
          "p_metadata"?: Json;
          "p_org_id": string;
          "p_phone_number"?: string;
          "p_vapi_call_id": string;
        };
        Returns: {
          "call_logs_id": string;
          "call_tracking_id": string;
          "error_message": string;
          "success": boolean;
        }[];
      };
      "create_knowledge_document": { Args: { "request": Json }; Returns: Json };
      "create_organization": { Args: { "request": Json }; Returns: Json };
      "delete_knowledge_document": { Args: { "request": Json }; Returns: Json };
      "describe_import_source": { Args: { "request": Json }; Returns: Json };
      "disconnect_integration": { Args: { "request": Json }; Returns: Json };
      "dismiss_dead_letter": { Args: { "request": Json }; Returns: Json };
      "ensure_canary_organization": { Args: { "request": Json }; Returns: Json };
      "erase_organization": { Args: { "request": Json }; Returns: Json };
      "erase_person": { Args: { "request": Json }; Returns: Json };
      "evaluate_alert_rule": { Args: { "request": Json }; Returns: Json };
      "expire_calls": { Args: { "request": Json }; Returns: Json };
      "expire_history": { Args: { "request": Json }; Returns: Json };
      "expire_messages": { Args: { "request": Json }; Returns: Json };
      "expire_rows": { Args: { "request": Json }; Returns: Json };
      "fail_knowledge_version": { Args: { "request": Json }; Returns: Json };
      "find_contacts_for_rollout": { Args: { "request": Json }; Returns: Json };
      "finish_knowledge_sync": { Args: { "request": Json }; Returns: Json };
      "finish_workspace_save": { Args: { "request": Json }; Returns: Json };
      "forget_knowledge_leftovers": { Args: { "request": Json }; Returns: Json };
      "forget_recordings": { Args: { "request": Json }; Returns: Json };
      "import_listings_page": { Args: { "request": Json }; Returns: Json };
      "index_knowledge_version": { Args: { "request": Json }; Returns: Json };
      "ingest_vapi_event": { Args: { "request": Json }; Returns: Json };
      "ingest_whatsapp": { Args: { "": Json }; Returns: Json };
      "intend_call": { Args: { "request": Json }; Returns: Json };
      "intend_knowledge_files": { Args: { "request": Json }; Returns: Json };
      "intend_knowledge_tool": { Args: { "request": Json }; Returns: Json };
      "list_agent_switches": { Args: { "request": Json }; Returns: Json };
      "list_agent_templates": { Args: { "request": Json }; Returns: Json };
      "list_alerts": { Args: { "request": Json }; Returns: Json };
      "list_app_config_history": { Args: { "request": Json }; Returns: Json };
      "list_credentials": { Args: { "request": Json }; Returns: Json };
      "list_dead_letters": { Args: { "request": Json }; Returns: Json };
      "list_events": { Args: { "request": Json }; Returns: Json };
      "list_failed_conversations": { Args: { "request": Json }; Returns: Json };
      "list_hand_overs": { Args: { "request": Json }; Returns: Json };
      "list_kept_data": { Args: { "request": Json }; Returns: Json };
      "list_kept_outside": { Args: { "request": Json }; Returns: Json };
      "list_knowledge_documents": { Args: { "request": Json }; Returns: Json };
      "list_knowledge_leftovers": { Args: { "request": Json }; Returns: Json };
      "list_known_assistants": { Args: { "request": Json }; Returns: Json };
      "list_refusals": { Args: { "request": Json }; Returns: Json };
      "move_rollout": { Args: { "request": Json }; Returns: Json };
      "preview_listings_page": { Args: { "request": Json }; Returns: Json };
      "queue_due_jobs": { Args: { "request": Json }; Returns: Json };
      "raise_alert": { Args: { "request": Json }; Returns: Json };
      "read_agent_data": { Args: { "request": Json }; Returns: Json };
      "read_agent_history": { Args: { "request": Json }; Returns: Json };
      "read_agent_sync": { Args: { "request": Json }; Returns: Json };
      "read_canary": { Args: { "request": Json }; Returns: Json };
      "read_control_state": { Args: { "request": Json }; Returns: Json };
      "read_costs": { Args: { "request": Json }; Returns: Json };
      "read_credential": { Args: { "request": Json }; Returns: Json };
      "read_failed_conversation": { Args: { "request": Json }; Returns: Json };
      "read_hand_over": { Args: { "request": Json }; Returns: Json };
      "read_health": { Args: { "request": Json }; Returns: Json };
      "read_kept_data": { Args: { "request": Json }; Returns: Json };
      "read_knowledge_document": { Args: { "request": Json }; Returns: Json };
      "read_knowledge_history": { Args: { "request": Json }; Returns: Json };
      "read_knowledge_sync": { Args: { "request": Json }; Returns: Json };
      "read_knowledge_sync_status": { Args: { "request": Json }; Returns: Json };
      "read_knowledge_version": { Args: { "request": Json }; Returns: Json };
      "read_legacy_use": { Args: { "request": Json }; Returns: Json };
      "read_listing_imports": { Args: { "request": Json }; Returns: Json };
      "read_metrics": { Args: { "request": Json }; Returns: Json };
      "read_readiness": { Args: { "request": Json }; Returns: Json };
      "read_recording": { Args: { "request": Json }; Returns: Json };
      "read_rollout": { Args: { "request": Json }; Returns: Json };
      "read_service_levels": { Args: { "request": Json }; Returns: Json };
      "read_sync_status": { Args: { "request": Json }; Returns: Json };
      "read_texts_to_embed": { Args: { "request": Json }; Returns: Json };
      "read_tier_rollout": { Args: { "request": Json }; Returns: Json };
      "read_webhook_secrets": { Args: { "request": Json }; Returns: Json };
      "read_workspace": { Args: { "request": Json }; Returns: Json };
      "record_agent_sync": { Args: { "request": Json }; Returns: Json };
      "record_alert_delivery": { Args: { "request": Json }; Returns: Json };
      "record_call_request": { Args: { "request": Json }; Returns: Json };
      "record_create_intent": { Args: { "request": Json }; Returns: Json };
      "record_credential_check": { Args: { "request": Json }; Returns: Json };
      "record_drift_check": { Args: { "request": Json }; Returns: Json };
      "record_export": { Args: { "request": Json }; Returns: Json };
      "record_failed_event": { Args: { "request": Json }; Returns: Json };
      "record_heartbeat": { Args: { "request": Json }; Returns: Json };
      "record_knowledge_files": { Args: { "request": Json }; Returns: Json };
      "record_knowledge_pages": { Args: { "request": Json }; Returns: Json };
      "record_knowledge_tool": { Args: { "request": Json }; Returns: Json };
      "record_knowledge_upload": { Args: { "request": Json }; Returns: Json };
      "record_legacy_deliveries": { Args: { "request": Json }; Returns: Json };
      "record_orphans_deleted": { Args: { "request": Json }; Returns: Json };
      "record_reconciliation": { Args: { "request": Json }; Returns: Json };
      "record_recording": { Args: { "request": Json }; Returns: Json };
      "record_replay": { Args: { "request": Json }; Returns: Json };
      "record_retired_tools": { Args: { "request": Json }; Returns: Json };
      "record_sent": { Args: { "request": Json }; Returns: Json };
      "record_tool_calls": { Args: { "request": Json }; Returns: Json };
      "record_unreadable_event": { Args: { "request": Json }; Returns: Json };
      "release_hand_over": { Args: { "request": Json }; Returns: Json };
      "replace_credential": { Args: { "request": Json }; Returns: Json };
      "replay_conversation": { Args: { "request": Json }; Returns: Json };
      "replay_dead_letter": { Args: { "request": Json }; Returns: Json };
      "reply_to_hand_over": { Args: { "request": Json }; Returns: Json };
      "resolve_alert": { Args: { "request": Json }; Returns: Json };
      "revert_app_config": { Args: { "request": Json }; Returns: Json };
      "review_conversation": { Args: { "request": Json }; Returns: Json };
      "rollback_agent": { Args: { "request": Json }; Returns: Json };
      "search_knowledge": { Args: { "request": Json }; Returns: Json };
      "set_agent_activation": { Args: { "request": Json }; Returns: Json };
      "settle_refusals": { Args: { "request": Json }; Returns: Json };
      "settle_rollout": { Args: { "request": Json }; Returns: Json };
      "store_embeddings": { Args: { "request": Json }; Returns: Json };
      "store_workspace": { Args: { "request": Json }; Returns: Json };
      "switch_agent": { Args: { "request": Json }; Returns: Json };
      "take_hand_over": { Args: { "request": Json }; Returns: Json };
      "update_agent_behavior": { Args: { "request": Json }; Returns: Json };
      "update_call_completed_atomically": {
        Args: {
          "p_call_tracking_id"?: string;
          "p_duration_seconds"?: number;
          "p_org_id": string;
          "p_vapi_call_id": string;
        };
        Returns: {
          "call_logs_updated": boolean;
          "call_tracking_updated": boolean;
          "error_message": string;
          "success": boolean;
        }[];
      };
      "update_call_with_recording_atomically": {
        Args: {
          "p_call_type"?: string;
          "p_org_id": string;
          "p_recording_storage_path"?: string;
          "p_recording_url"?: string;
          "p_transcript"?: string;
          "p_vapi_call_id": string;
        };
        Returns: {
          "call_logs_updated": boolean;
          "calls_updated": boolean;
          "error_message": string;
          "success": boolean;
        }[];
      };
      "update_knowledge_document": { Args: { "request": Json }; Returns: Json };
      "verify_release": { Args: { "request": Json }; Returns: Json };
      "want_embedding_model": { Args: { "request": Json }; Returns: Json };
    };
    Enums: {
      [_ in never]: never;
    };
    CompositeTypes: {
      [_ in never]: never;
    };
  };
};

type DatabaseWithoutInternals = Omit<Database, "__InternalSupabase">;

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">];

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof (
      & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
      & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"]
    )
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals } ? (
    & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"]
  )[TableName] extends {
    Row: infer R;
  } ? R
  : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
      Row: infer R;
    } ? R
    : never
  : never;

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends
    {
      Insert: infer I;
    } ? I
  : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Insert: infer I;
    } ? I
    : never
  : never;

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends
    {
      Update: infer U;
    } ? U
  : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Update: infer U;
    } ? U
    : never
  : never;

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never = never,
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
    ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
  : never;

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never = never,
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][
    CompositeTypeName
  ]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
    ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
  : never;

export const Constants = {
  "public": {
    Enums: {},
  },
} as const;
