package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.internal.testkit.samples.PlainValues;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** Checks and converts rows with a temporary mesh. */
final class SampleRows {
  private static final String DOMAIN = "samples";
  private static final String PRODUCT = "samples/rows";

  private SampleRows() {}

  /**
   * Returns the rules that each row breaks, by its index in the list.
   *
   * @param rules the rules to check, without warnings and tolerances
   */
  static List<Set<String>> broken(
      Schema schema, List<Rule> rules, List<? extends Map<String, Object>> rows) {
    List<Set<String>> broken = new ArrayList<>();
    rows.forEach(row -> broken.add(new TreeSet<>()));
    String anchor = "anchor";
    while (schema.getField(anchor) != null) {
      anchor += "_";
    }
    List<Map<String, Object>> checked = new ArrayList<>(rows);
    checked.add(Map.of(anchor, true));
    withMesh(
        allowingNulls(schema, anchor)
            .require(strict(rules, anchor))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(100),
        checked,
        client -> {
          for (GenericRecord row : all(client.quarantine(PRODUCT))) {
            broken
                .get((int) ((Long) row.get("row_number") - 1))
                .addAll(Arrays.asList(String.valueOf(row.get("rules")).split(",", -1)));
          }
          return broken;
        });
    return broken;
  }

  /** Returns each rule as an error without tolerance, on all rows except the anchor. */
  private static Rule[] strict(List<Rule> rules, String anchor) {
    String rest = anchor + " IS NULL";
    return rules.stream()
        .map(
            rule -> {
              Rule parsed = Rule.parse(rule.toString());
              // An ID that is derived from a path such as lines[].quantity cannot be set.
              Rule named = parsed.id().equals(rule.id()) ? parsed : parsed.id(rule.id());
              Rule strict =
                  named.where(rule.where().map(w -> "(" + w + ") AND " + rest).orElse(rest));
              return strict instanceof Rule.OnRows onRows ? onRows.tolerateRows(0) : strict;
            })
        .toArray(Rule[]::new);
  }

  /**
   * Returns a contract with the same columns, all nullable, and an anchor. A publish without an
   * accepted row is rejected, so an anchor row of nulls, which no rule checks, is published too.
   */
  private static Contract allowingNulls(Schema schema, String anchor) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      Schema nullable =
          Schema.createUnion(Schema.create(Schema.Type.NULL), PlainValues.required(field.schema()));
      fields.add(new Schema.Field(field.name(), nullable, null, null));
    }
    Schema flag =
        Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.BOOLEAN));
    fields.add(new Schema.Field(anchor, flag, null, null));
    return Contract.of(
        Schema.createRecord(schema.getName(), null, schema.getNamespace(), false, fields));
  }

  /** Returns the rows as a read returns them. */
  static <T> List<T> shaped(
      Schema schema,
      List<? extends Map<String, Object>> rows,
      Function<Read<GenericRecord>, Read<T>> shape) {
    return withMesh(Contract.of(schema), rows, client -> all(shape.apply(client.read(PRODUCT))));
  }

  private static <A> A withMesh(
      Contract contract, List<? extends Map<String, Object>> rows, Function<MeshClient, A> action) {
    try (Mesh mesh = InMemoryMesh.open()) {
      MeshClient client = mesh.clientAs(Principal.of(DOMAIN, "test"));
      client.registerDomain(DOMAIN).owner("samples@example.org").commit();
      client.defineProduct(PRODUCT).contract(contract).commit();
      client.publish(PRODUCT).records(rows).commit();
      return action.apply(client);
    }
  }

  private static <T> List<T> all(Read<T> read) {
    List<T> all = new ArrayList<>();
    try (Rows<T> rows = read.rows()) {
      rows.forEach(all::add);
    }
    return all;
  }
}
