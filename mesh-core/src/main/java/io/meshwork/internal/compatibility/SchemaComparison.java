package io.meshwork.internal.compatibility;

import io.meshwork.error.Finding;
import io.meshwork.internal.compatibility.SchemaChange.SchemaCode;
import io.meshwork.internal.schema.LegalSchema;
import io.meshwork.product.ContractVersion.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.jspecify.annotations.Nullable;

/**
 * The comparison of a schema with an earlier one. Pure; independent of any compatibility mode.
 *
 * @param reason the first code in the order of {@link SchemaCode} among the changes
 * @param backward whether the new schema reads data of the old one, according to Avro
 * @param forward whether the old schema reads data of the new one, according to Avro
 * @param inPlace whether a table supports the change without being rewritten
 * @param changes all changes, worst first; empty if there is none
 */
public record SchemaComparison(
    SchemaCode reason,
    boolean backward,
    boolean forward,
    TypePromotion inPlace,
    List<SchemaChange> changes) {
  private static final String UNREADABLE_BY_OLD_READERS = " cannot be read by old readers";

  private static final Comparator<SchemaChange> WORST_FIRST =
      Comparator.comparing(SchemaChange::code).thenComparing(SchemaChange::path);

  /** Copies the changes. */
  public SchemaComparison {
    changes = List.copyOf(changes);
  }

  /** Returns the version step that the reason requires. */
  public Verdict verdict() {
    return reason.verdict();
  }

  /** Compares the texts of two schemas, legal or not. */
  public static SchemaComparison of(String before, String after) {
    List<SchemaChange> refusals = new ArrayList<>();
    refuse(refusals, "old", LegalSchema.findings(before, LegalSchema.NEWEST_FORMAT));
    refuse(refusals, "new", LegalSchema.findings(after, LegalSchema.NEWEST_FORMAT));
    @Nullable Schema old = lenient(before);
    @Nullable Schema now = lenient(after);
    if (refusals.isEmpty() && old != null && now != null) {
      return ofLegal(old, now);
    }
    if (refusals.isEmpty()) {
      refusals.add(
          refusal("", "Avro's parser rejects the " + (old == null ? "old" : "new") + " schema."));
    }
    return new SchemaComparison(
        SchemaCode.TYPE_REFUSED,
        old != null && now != null && AvroResolution.reads(now, old),
        old != null && now != null && AvroResolution.reads(old, now),
        TypePromotion.NOT_APPLICABLE,
        refusals);
  }

  /** Compares two legal schemas. */
  public static SchemaComparison ofLegal(Schema before, Schema after) {
    return ofLegal(before, after, Map.of());
  }

  /**
   * Compares two legal schemas, in which some fields have other names.
   *
   * @param renamings the new paths of renamed fields by their old paths, such as {@code
   *     lines[].qty} by {@code lines[].quantity}; both within the same record
   */
  public static SchemaComparison ofLegal(
      Schema before, Schema after, Map<String, String> renamings) {
    boolean backward = AvroResolution.reads(after, before);
    boolean forward = AvroResolution.reads(before, after);
    Map<String, String> oldNames = new HashMap<>();
    renamings.forEach((old, now) -> oldNames.put(now, old.substring(old.lastIndexOf('.') + 1)));
    List<SchemaChange> changes =
        new SchemaPairs(forward, backward, oldNames).changes(before, after);
    if (!forward && isMissing(SchemaCode.CONSUMER_BREAK, changes)) {
      addUnresolvedName(changes, SchemaCode.CONSUMER_BREAK, before, after, renamings.keySet());
    }
    if (!backward && isMissing(SchemaCode.HISTORY_UNREADABLE, changes)) {
      addUnresolvedName(changes, SchemaCode.HISTORY_UNREADABLE, after, before, oldNames.keySet());
    }
    changes.sort(WORST_FIRST);
    return new SchemaComparison(
        changes.isEmpty() ? SchemaCode.IDENTICAL : changes.get(0).code(),
        backward,
        forward,
        StorageChange.of(before, after),
        changes);
  }

  /** Returns true if a schema reads data of the other one, by Avro's schema resolution. */
  public static boolean reads(Schema reader, Schema writer) {
    return AvroResolution.reads(reader, writer);
  }

  /**
   * Parses a schema that Meshwork's rules reject with Avro's lenient rules, to report how Avro
   * resolves it.
   */
  private static @Nullable Schema lenient(String text) {
    try {
      return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(text);
    } catch (RuntimeException e) {
      return null; // also a NumberFormatException, for a default that is text instead of a number
    }
  }

  private static boolean isMissing(SchemaCode code, List<SchemaChange> changes) {
    return changes.stream().noneMatch(change -> change.code() == code);
  }

  /**
   * Returns true if a change breaks only readers that resolve types by their names, as Avro's
   * decoders do. Reads of a product resolve columns by their names, and types by their structure.
   *
   * @param code the code of the change
   * @param what its sentence
   */
  public static boolean concernsTypeNames(String code, String what) {
    return code.equals(SchemaCode.NAME_CHANGED.name())
        || what.contains(UNREADABLE_BY_OLD_READERS)
        || what.contains(SchemaPairs.FOUND_BY_FULL_NAME);
  }

  /**
   * Adds the change for a direction that fails because of the name of a type, unless renamed fields
   * explain it; the changed name is already reported at its path.
   */
  private static void addUnresolvedName(
      List<SchemaChange> changes,
      SchemaCode code,
      Schema reader,
      Schema writer,
      Set<String> renamed) {
    List<Incompatibility> gaps = AvroResolution.gaps(reader, writer);
    List<Incompatibility> others =
        gaps.stream()
            .filter(gap -> !renamed.contains(AvroResolution.path(reader, gap.getLocation())))
            .toList();
    if (gaps.isEmpty() || !others.isEmpty()) {
      changes.add(unresolvedName(code, reader, writer, others));
    }
  }

  private static SchemaChange unresolvedName(
      SchemaCode code, Schema reader, Schema writer, List<Incompatibility> gaps) {
    String path = gaps.isEmpty() ? "" : AvroResolution.path(reader, gaps.get(0).getLocation());
    boolean consumers = code == SchemaCode.CONSUMER_BREAK;
    return new SchemaChange(
        code,
        path,
        SchemaFragments.of(consumers ? reader : writer),
        SchemaFragments.of(consumers ? writer : reader),
        !consumers,
        consumers,
        SchemaPairs.subject(path)
            + (consumers ? UNREADABLE_BY_OLD_READERS : " cannot be read by new readers in old rows")
            + (gaps.isEmpty() ? "." : " (" + gaps.get(0).getType() + ")."),
        "Keep the old name, or roll out a new major version with rollOut(..).");
  }

  private static void refuse(List<SchemaChange> refusals, String which, List<Finding> findings) {
    for (Finding finding : findings) {
      refusals.add(
          new SchemaChange(
              SchemaCode.TYPE_REFUSED,
              finding.where(),
              null,
              null,
              false,
              false,
              "In the " + which + " schema (" + finding.code() + "): " + finding.what(),
              finding.fix()));
    }
  }

  private static SchemaChange refusal(String path, String what) {
    return new SchemaChange(
        SchemaCode.TYPE_REFUSED, path, null, null, false, false, what, "Provide a valid schema.");
  }

  /**
   * Whether an Iceberg table supports a change of schema without being rewritten, easiest first.
   */
  public enum TypePromotion {
    /** The table supports the change. */
    YES,
    /**
     * The table supports the change, with the new column optional: readers return the empty default
     * for its null.
     */
    YES_AS_OPTIONAL,
    /** The table supports the change from table format version 3 on. */
    YES_V3,
    /** The table does not support the change. */
    NO,
    /** One of the schemas is not legal. */
    NOT_APPLICABLE;

    TypePromotion harder(TypePromotion other) {
      return compareTo(other) >= 0 ? this : other;
    }

    TypePromotion easier(TypePromotion other) {
      return compareTo(other) <= 0 ? this : other;
    }
  }
}
