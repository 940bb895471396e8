package io.meshwork.internal.conformance.lifecycle;

import static io.meshwork.contract.Rule.atLeast;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import java.time.Period;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** The names of the columns in a major version. A rollout renames one, or replaces the other. */
record MajorColumns(String city, String items) {
  static final MajorColumns FIRST = new MajorColumns("city", "items");

  MajorColumns renamed() {
    return new MajorColumns(city.equals("city") ? "town" : "city", items);
  }

  /** The same rows with another column, whose values only a mapping knows. */
  MajorColumns replaced() {
    return new MajorColumns(city, items.equals("items") ? "pieces" : "items");
  }

  Contract contract() {
    Schema schema =
        SchemaBuilder.record("Order")
            .fields()
            .requiredLong("id")
            .requiredString(city)
            .optionalInt(items)
            .endRecord();
    return Contract.of(schema)
        .require(atLeast(items, 0).id("items"))
        .onViolation(OnViolation.QUARANTINE)
        .maxQuarantineShare(90)
        .noticePeriod(Period.ofDays(30));
  }

  Map<String, Object> values(ModelRow row) {
    return MeshFixture.row("id", row.id(), city, row.city(), items, row.items().orElse(null));
  }

  ModelRow row(Map<String, ?> values) {
    return row(values.get("id"), values.get(city), values.get(items));
  }

  ModelRow row(GenericRecord values) {
    return row(values.get("id"), values.get(city), values.get(items));
  }

  private static ModelRow row(@Nullable Object id, @Nullable Object city, @Nullable Object items) {
    return new ModelRow(
        (Long) Objects.requireNonNull(id),
        Objects.requireNonNull(city).toString(),
        Optional.ofNullable((Integer) items));
  }
}
