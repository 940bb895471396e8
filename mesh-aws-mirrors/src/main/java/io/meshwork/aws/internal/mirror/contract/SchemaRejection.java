package io.meshwork.aws.internal.mirror.contract;

import io.meshwork.contract.Compatibility;
import io.meshwork.internal.schema.LegalSchema;
import java.util.List;

/** Why Glue's Schema Registry rejected a version: the service itself gives no reason. Stateless. */
final class SchemaRejection {
  private SchemaRejection() {}

  /**
   * Returns the reason.
   *
   * @param number the version that was rejected
   * @param checkpoint what it was compared with
   * @param definition its definition
   */
  static String reason(long number, SchemaContent checkpoint, String definition) {
    boolean holds =
        Compatibility.parse(checkpoint.compatibility())
            .holds(
                LegalSchema.parse(definition), List.of(LegalSchema.parse(checkpoint.definition())));
    return "Glue set version "
        + number
        + " to FAILURE. "
        + (holds
            ? "It gives no reason; by Avro's schema resolution, the schema is "
            : "By Avro's schema resolution, the schema is not ")
        + checkpoint.compatibility()
        + " compatible with that of contract version "
        + (checkpoint.contract().isEmpty() ? "of the checkpoint" : checkpoint.contract())
        + ". The checkpoint stays where it is.";
  }

  /** Returns what to do. */
  static String fix(String command) {
    return "Delete the version with: "
        + command
        + " Then run the mirrors again; if it fails again, roll out a major version.";
  }
}
