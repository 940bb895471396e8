package io.meshwork.odcs;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random valid documents of ODCS 3.1, with what Meshwork understands and what it does not. */
final class RandomDocument {
  private final Random random;
  private final StringBuilder text = new StringBuilder();

  RandomDocument(Random random) {
    this.random = random;
  }

  String yaml() {
    line("# a random document");
    line("apiVersion: v3.1.0");
    line("kind: DataContract");
    line("id: " + any("x-1", "53581432-6c55-4ba2-a65f-72344a91553a"));
    line("version: " + any("1.0.0", "v2.0.1", "\"1.1.0\""));
    line("status: " + any("active", "in development", "Draft"));
    maybe("name: " + any("orders", "commerce/orders", "\"My Orders\""));
    maybe("domain: commerce");
    maybe("dataProduct: a product");
    maybe("tenant: T");
    maybe("tags: [a, 'b', \"no\"]");
    maybe("description: {purpose: \"why: 'so'\", limitations: none, customProperties: []}");
    maybe("price: {priceAmount: 9.50, priceCurrency: EUR, priceUnit: megabyte}");
    maybe("contractCreatedTs: 2022-11-15T02:59:43+00:00");
    if (chance(2)) {
      line("slaProperties:");
      maybe("  - {property: " + any("latency", "ly", "freshness") + ", value: 4, unit: d}");
      line("  - {property: " + any("retention", "RE") + ", value: 3, unit: y, driver: x}");
      maybe("  - {property: availability, value: 99.50, unit: '%'}");
      line("  - {property: timeOfAvailability, value: 09:00-08:00}");
    }
    maybe("support:\n  - {channel: '#help', tool: slack, scope: interactive}\n  - {channel: ann}");
    maybe("team: {name: t, members: [{username: a, role: owner, dateIn: 2022-08-02}]}");
    maybe("roles: [{role: reader, access: read}]");
    maybe("servers: [{server: s, type: s3, location: 's3://b/x', format: parquet}]");
    line("customProperties:");
    line("  - {property: anUnknownTerm, value: {deep: [1, 2.50, null, 1e3, 0x1F, true, ~]}}");
    maybe("  - {property: meshwork.classification, value: " + any("public", "SECRET") + "}");
    maybe("  - {property: meshwork.noticePeriod, value: P60D}");
    line("schema:");
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      object("object_" + i);
    }
    return text.toString();
  }

  private void object(String name) {
    line("  - name: " + name);
    maybe("    physicalName: tbl_1");
    maybe("    dataGranularityDescription: one row a day");
    line("    properties:");
    List<String> columns = new ArrayList<>();
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      columns.add("c" + i);
      property("c" + i);
    }
    if (chance(2)) {
      line("    quality:");
      maybe("      - {type: sql, query: 'SELECT 1', mustBe: 1, id: q-sql}");
      maybe("      - {metric: rowCount, mustBeGreaterThan: 5, severity: high, method: m}");
      maybe("      - {type: text, description: Read it twice}");
      line(
          "      - {metric: duplicateValues, mustBe: 0, arguments: {properties: ["
              + columns.get(0)
              + "]}, businessImpact: operational}");
    }
  }

  private void property(String name) {
    line("      - name: " + name);
    switch (random.nextInt(6)) {
      case 0 -> {
        line("        logicalType: string");
        maybe("        logicalTypeOptions: {minLength: 1, maxLength: 9, pattern: '^[A-Z]+$'}");
        maybe("        physicalType: varchar(18)");
        quality("{metric: missingValues, arguments: {missingValues: ['', N/A]}, mustBe: 0}");
      }
      case 1 -> {
        line("        logicalType: integer");
        maybe("        logicalTypeOptions: {minimum: 1, maximum: 10, format: i32}");
        quality("{metric: nullValues, mustBeLessThan: 5, unit: percent, scheduler: cron}");
      }
      case 2 -> {
        line("        logicalType: number");
        line("        physicalType: " + any("decimal(12,2)", "DOUBLE", "NUMBER", "'float(3,2)'"));
        maybe("        logicalTypeOptions: {exclusiveMinimum: 0.5}");
        quality("{type: custom, engine: soda, implementation: {a: [1]}}");
      }
      case 3 -> {
        line("        logicalType: timestamp");
        maybe("        logicalTypeOptions: {timezone: " + any("true", "false") + "}");
        maybe("        physicalType: timestamp_ntz");
      }
      case 4 -> {
        line("        logicalType: array");
        line("        items: {logicalType: object, properties: [{name: a, logicalType: string}]}");
      }
      default -> {
        line("        logicalType: date");
        line("        physicalType: " + any("date", "timestamp", "unheard of"));
        maybe("        examples: [2020-01-01, \"2020-01-02\"]");
      }
    }
    maybe("        required: " + any("true", "false"));
    maybe("        description: \"What it is: a column\"");
    maybe("        classification: " + any("public", "restricted", "'4'"));
    maybe("        tags: []");
    maybe("        relationships: [{to: other.id}]");
  }

  private void quality(String check) {
    if (chance(2)) {
      line("        quality:");
      line("          - " + check);
    }
  }

  private void maybe(String line) {
    if (chance(2)) {
      line(line);
    }
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private boolean chance(int oneOf) {
    return random.nextInt(oneOf) == 0;
  }

  private String any(String... texts) {
    return texts[random.nextInt(texts.length)];
  }
}
