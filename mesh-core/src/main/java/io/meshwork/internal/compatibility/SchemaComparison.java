package io.meshwork.internal.compatibility;

import io.meshwork.error.Finding;
import io.meshwork.internal.compatibility.SchemaChange.SafeReaders;
import io.meshwork.internal.compatibility.SchemaChange.SchemaCode;
import io.meshwork.internal.schema.LegalSchema;
import io.meshwork.product.ContractVersion.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
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
  private static final Comparator<SchemaChange> WORST_FIRST =
      Comparator.comparing(SchemaChange::code).thenComparing(SchemaChange::path);

  public SchemaComparison {
    changes = List.copyOf(changes);
  }

  /** Returns the version step that the reason requires. */
  public Verdict verdict() {
    return reason.verdict();
  }

  /** Compares two schemas as strings, legal or not. */
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

  /** Compares two legal schemas of one major version. */
  public static SchemaComparison ofLegal(Schema before, Schema after) {
    return compare(before, after, Map.of(), false);
  }

  /**
   * Compares the legal schema of a new major version, in which some fields can have other names.
   * Its changes do not advise to roll out a new major version.
   *
   * @param renamings the new paths of renamed fields by their old paths, such as {@code
   *     lines[].qty} by {@code lines[].quantity}; both within the same record
   */
  public static SchemaComparison ofNewMajor(
      Schema before, Schema after, Map<String, String> renamings) {
    return compare(before, after, renamings, true);
  }

  private static SchemaComparison compare(
      Schema before, Schema after, Map<String, String> renamings, boolean newMajor) {
    boolean backward = AvroResolution.reads(after, before);
    boolean forward = AvroResolution.reads(before, after);
    Map<String, String> oldNames = new HashMap<>();
    renamings.forEach((old, now) -> oldNames.put(now, old.substring(old.lastIndexOf('.') + 1)));
    List<SchemaChange> changes =
        new SchemaPairs(forward, backward, oldNames, newMajor).changes(before, after);
    boolean namesChanged = changes.stream().anyMatch(SchemaComparison::isOfName);
    if (!forward && isMissing(SchemaCode.CONSUMER_BREAK, changes)) {
      new UnresolvedDirection(SchemaCode.CONSUMER_BREAK, before, after, newMajor)
          .change(renamings.keySet(), namesChanged)
          .ifPresent(changes::add);
    }
    if (!backward && isMissing(SchemaCode.HISTORY_UNREADABLE, changes)) {
      new UnresolvedDirection(SchemaCode.HISTORY_UNREADABLE, after, before, newMajor)
          .change(oldNames.keySet(), namesChanged)
          .ifPresent(changes::add);
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
   * Returns what to do instead of a change: the alternative, or a new major version unless the
   * change starts one.
   *
   * @param alternative without a full stop
   */
  public static String orNewMajor(boolean newMajor, String alternative) {
    return newMajor
        ? alternative + "."
        : alternative + ", or roll out a new major version with startRollout(..).";
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

  private static boolean isOfName(SchemaChange change) {
    return change.code() == SchemaCode.NAME_CHANGED
        || change.code() == SchemaCode.NAMESPACE_CHANGED;
  }

  private static void refuse(List<SchemaChange> refusals, String which, List<Finding> findings) {
    for (Finding finding : findings) {
      refusals.add(
          new SchemaChange(
              SchemaCode.TYPE_REFUSED,
              finding.where(),
              null,
              null,
              SafeReaders.NONE,
              "In the " + which + " schema (" + finding.code() + "): " + finding.what(),
              finding.fix()));
    }
  }

  private static SchemaChange refusal(String path, String what) {
    return new SchemaChange(
        SchemaCode.TYPE_REFUSED,
        path,
        null,
        null,
        SafeReaders.NONE,
        what,
        "Provide a valid schema.");
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
