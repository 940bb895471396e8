package io.meshwork.contract;

import io.meshwork.internal.schema.IcebergSchemas;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Checks whether the column of the event time fits the schema and the other terms. */
final class EventTimeCheck {
  private EventTimeCheck() {}

  static void check(ServiceLevel level, List<Rule> rules, Schema schema) {
    if (level.maxLateness().isPresent()
        && rules.stream().anyMatch(rule -> rule.id().equals(ServiceLevel.MAX_LATENESS))) {
      throw Contract.invalid(
          "a rule has the id "
              + ServiceLevel.MAX_LATENESS
              + ", which is reserved for the term of the service level",
          "Give the rule another id with id(...).");
    }
    String column = level.eventTime().orElse(null);
    if (column == null) {
      if (level.maxLateness().isPresent()) {
        throw Contract.invalid(
            "maxLateness is set, but no column of the event time",
            "Name the column with eventTime(..).");
      }
      if (level.eventTimeZone().isPresent()) {
        throw Contract.invalid(
            "eventTimeZone is set, but no column of the event time",
            "Name the column with eventTime(..).");
      }
      return;
    }
    Types.NestedField field = IcebergSchemas.fromAvro(schema).findField(column);
    if (field == null || schema.getField(column) == null) {
      throw Contract.invalid(
          "the column of the event time, '" + column + "', does not exist",
          Contract.columnHint(schema, column));
    }
    Type type = field.type();
    if (!isTime(type)) {
      throw Contract.invalid(
          "the column of the event time, '" + column + "', has the type " + type,
          "Name a column of dates, timestamps, or local timestamps.");
    }
    if (isInstant(type) == level.eventTimeZone().isPresent()) {
      throw isInstant(type)
          ? Contract.invalid(
              "the column of the event time, '" + column + "', has instants and a time zone",
              "Call eventTime(..) without the zone.")
          : Contract.invalid(
              "the column of the event time, '" + column + "', has local times and no time zone",
              "Pass the zone of its values as the second argument of eventTime(..).");
    }
  }

  private static boolean isTime(Type type) {
    return List.of(Type.TypeID.DATE, Type.TypeID.TIMESTAMP, Type.TypeID.TIMESTAMP_NANO)
        .contains(type.typeId());
  }

  private static boolean isInstant(Type type) {
    return (type instanceof Types.TimestampType micros && micros.shouldAdjustToUTC())
        || (type instanceof Types.TimestampNanoType nanos && nanos.shouldAdjustToUTC());
  }
}
