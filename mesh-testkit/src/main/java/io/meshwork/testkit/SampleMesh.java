package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
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

/** Asks a mesh of its own, which lives for one question, what becomes of rows. */
final class SampleMesh {
  private static final String DOMAIN = "samples";
  private static final String PRODUCT = "samples/rows";

  private SampleMesh() {}

  /**
   * Which rules each row breaks, by its place in the list.
   *
   * @param rules each judged strictly, whether or not it warns or tolerates
   */
  static List<Set<String>> broken(
      Schema schema, List<Rule> rules, List<? extends Map<String, Object>> rows) {
    List<Set<String>> broken = new ArrayList<>();
    rows.forEach(row -> broken.add(new TreeSet<>()));
    String anchor = "anchor";
    while (schema.getField(anchor) != null) {
      anchor += "_";
    }
    List<Map<String, Object>> judged = new ArrayList<>(rows);
    judged.add(Map.of(anchor, true));
    asking(
        allowingNulls(schema, anchor)
            .require(strict(rules, anchor))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(100),
        judged,
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

  /** Each rule as an error that tolerates nothing, over all rows but the anchor. */
  private static Rule[] strict(List<Rule> rules, String anchor) {
    String rest = anchor + " IS NULL";
    return rules.stream()
        .map(
            rule -> {
              Rule parsed = Rule.parse(rule.toString());
              // An id that is derived from a path such as lines[].quantity cannot be given.
              Rule named = parsed.id().equals(rule.id()) ? parsed : parsed.id(rule.id());
              Rule strict =
                  named.where(rule.where().map(w -> "(" + w + ") AND " + rest).orElse(rest));
              return rule.kind().judgesRows() ? strict.toleratingRows(0) : strict;
            })
        .toArray(Rule[]::new);
  }

  /**
   * The same columns, each of which may be null. A publish is refused that leaves no row, so that a
   * row which no rule looks at goes with those that are judged: one of nulls, but for the anchor.
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

  /** The rows as reading gives them. */
  static <T> List<T> shaped(
      Schema schema,
      List<? extends Map<String, Object>> rows,
      Function<Read<GenericRecord>, Read<T>> shape) {
    return asking(Contract.of(schema), rows, client -> all(shape.apply(client.read(PRODUCT))));
  }

  private static <A> A asking(
      Contract contract,
      List<? extends Map<String, Object>> rows,
      Function<MeshClient, A> question) {
    try (Mesh mesh = InMemoryMesh.open()) {
      MeshClient client = mesh.actingAs(Principal.of(DOMAIN, "test"));
      client.registerDomain(DOMAIN).ownedBy("samples@example.org").commit();
      client.defineProduct(PRODUCT).contract(contract).commit();
      client.publish(PRODUCT).records(rows).commit();
      return question.apply(client);
    }
  }

  private static <T> List<T> all(Read<T> read) {
    List<T> all = new ArrayList<>();
    try (Rows<T> rows = read.read()) {
      rows.forEach(all::add);
    }
    return all;
  }
}
