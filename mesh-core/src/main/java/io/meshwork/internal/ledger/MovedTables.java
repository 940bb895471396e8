package io.meshwork.internal.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a change of rows did to each major version, from its log entry or its receipt. A
 * change of one major version is stored flat. A change of several has one part for each, the
 * leading one first. Every reader of tables and row counts in the log uses this class. Stateless.
 */
public final class MovedTables {
  /**
   * The detail of a log entry with the parts of several major versions. Its sibling fields are
   * common to all.
   */
  public static final String MAJORS = "majors";

  /** The member of a receipt with the receipts of the other major versions. */
  public static final String ALSO = "also";

  private static final String MAJOR = "major";

  private MovedTables() {}

  /**
   * What a change did to the table of one major version.
   *
   * @param details the details of the log entry in the flat form: the common ones and this major
   *     version's
   */
  public record MovedTable(JsonNode details) {
    /** Returns the major version. */
    public int major() {
      return details.path(MAJOR).asInt();
    }

    /** Returns the ID of the new snapshot; empty if the table has none. */
    public Optional<String> snapshotId() {
      return details.hasNonNull("snapshotId")
          ? Optional.of(details.path("snapshotId").asText())
          : Optional.empty();
    }

    /** Returns the inputs that the publish states. */
    public List<PublishReceipt.Input> derivedFrom() {
      return DocumentCodec.of(StatedInputs.class).read(details).derivedFrom();
    }

    /** Returns what happened to existing rows; empty if the entry does not state it. */
    public Optional<String> mode() {
      return Optional.ofNullable(details.path("mode").textValue());
    }

    /** Returns the number of rows by which the table grew; negative if it shrank. */
    public long rowsAdded() {
      return details.path("rowsAccepted").asLong()
          + details.path("rowsRestored").asLong()
          - details.path("rowsRemoved").asLong();
    }
  }

  private record StatedInputs(List<PublishReceipt.Input> derivedFrom) {}

  /** Returns the products that a publish states as its inputs, in any major version. */
  public static Set<ProductName> inputs(JsonNode details) {
    Set<ProductName> inputs = new LinkedHashSet<>();
    for (MovedTable table : of(details)) {
      table.derivedFrom().forEach(input -> inputs.add(input.product()));
    }
    return inputs;
  }

  /**
   * Returns the tables of a log entry, the leading major version first; empty if the entry is not
   * about a major version.
   *
   * @param details the details of the log entry
   */
  public static List<MovedTable> of(JsonNode details) {
    if (!(details instanceof ObjectNode entry) || !entry.path(MAJORS).isArray()) {
      return details.has(MAJOR) ? List.of(new MovedTable(details)) : List.of();
    }
    List<MovedTable> tables = new ArrayList<>();
    for (JsonNode part : entry.path(MAJORS)) {
      if (part instanceof ObjectNode own) {
        ObjectNode flat = JsonNodeFactory.instance.objectNode();
        flat.setAll(entry);
        flat.remove(MAJORS);
        flat.setAll(own);
        tables.add(new MovedTable(flat));
      }
    }
    return List.copyOf(tables);
  }

  /** Returns whether a change gave any table a new snapshot. */
  static boolean changesRows(JsonNode details) {
    return of(details).stream().anyMatch(table -> table.snapshotId().isPresent());
  }

  /** Returns the table of a major version if the change of a log entry gave it a new snapshot. */
  public static Optional<MovedTable> find(VersionedDocument entry, int major) {
    return find(entry.json().path("details"), major);
  }

  /** Returns the same for the details of a log entry. */
  public static Optional<MovedTable> find(JsonNode details, int major) {
    return of(details).stream()
        .filter(table -> table.major() == major && table.snapshotId().isPresent())
        .findFirst();
  }

  /**
   * Returns the part of a stored receipt for a major version; the whole receipt if no other part
   * has this major version.
   */
  public static JsonNode inReceipt(JsonNode receipt, int major) {
    for (JsonNode part : PackedPart.read(receipt, ALSO)) {
      if (part.path(MAJOR).asInt() == major) {
        return part;
      }
    }
    return receipt;
  }
}
