package io.meshwork.internal.compatibility;

import io.meshwork.error.Finding;
import io.meshwork.internal.schema.LegalSchema;
import io.meshwork.product.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.jspecify.annotations.Nullable;

/**
 * The judgement of one schema against an earlier one. Pure; independent of any mode.
 *
 * @param reason the first code in the order of {@link SchemaCode} among the changes
 * @param backward Avro's answer whether the new schema reads what the old one wrote
 * @param forward Avro's answer whether the old schema reads what the new one writes
 * @param inPlace whether a table takes the change without being written anew
 * @param changes all changes, worst first; empty if there is none
 */
public record SchemaComparison(
    SchemaCode reason,
    boolean backward,
    boolean forward,
    InPlace inPlace,
    List<SchemaChange> changes) {
  private static final Comparator<SchemaChange> WORST_FIRST =
      Comparator.comparing(SchemaChange::code).thenComparing(SchemaChange::path);

  /** Copies the changes. */
  public SchemaComparison {
    changes = List.copyOf(changes);
  }

  /** What the reason asks for. */
  public Verdict verdict() {
    return reason.verdict();
  }

  /** Judges the texts of two schemas, be they legal or not. */
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
          refusal("", "Avro's parser refuses the " + (old == null ? "old" : "new") + " schema."));
    }
    return new SchemaComparison(
        SchemaCode.TYPE_REFUSED,
        old != null && now != null && AvroResolution.reads(now, old),
        old != null && now != null && AvroResolution.reads(old, now),
        InPlace.NOT_APPLICABLE,
        refusals);
  }

  /** Judges two schemas that were found legal. */
  public static SchemaComparison ofLegal(Schema before, Schema after) {
    boolean backward = AvroResolution.reads(after, before);
    boolean forward = AvroResolution.reads(before, after);
    List<SchemaChange> changes = new SchemaPairs(forward, backward).changes(before, after);
    if (!forward && isMissing(SchemaCode.CONSUMER_BREAK, changes)) {
      changes.add(asAvroSays(SchemaCode.CONSUMER_BREAK, before, after));
    }
    if (!backward && isMissing(SchemaCode.HISTORY_UNREADABLE, changes)) {
      changes.add(asAvroSays(SchemaCode.HISTORY_UNREADABLE, after, before));
    }
    changes.sort(WORST_FIRST);
    return new SchemaComparison(
        changes.isEmpty() ? SchemaCode.IDENTICAL : changes.get(0).code(),
        backward,
        forward,
        StorageChange.of(before, after),
        changes);
  }

  /** True if a schema reads what the other writes, as Avro resolves them. */
  public static boolean reads(Schema reader, Schema writer) {
    return AvroResolution.reads(reader, writer);
  }

  /** Parses what our rules refuse, as far as Avro can, so that it may say what it would do. */
  private static @Nullable Schema lenient(String text) {
    try {
      return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(text);
    } catch (RuntimeException e) {
      return null; // also a NumberFormatException, for a default that is text and no number
    }
  }

  private static boolean isMissing(SchemaCode code, List<SchemaChange> changes) {
    return changes.stream().noneMatch(change -> change.code() == code);
  }

  /** The direction fails by a name that is another: that was told at its path as such already. */
  private static SchemaChange asAvroSays(SchemaCode code, Schema reader, Schema writer) {
    List<Incompatibility> gaps = AvroResolution.gaps(reader, writer);
    String path = gaps.isEmpty() ? "" : AvroResolution.path(reader, gaps.get(0).getLocation());
    boolean consumers = code == SchemaCode.CONSUMER_BREAK;
    return new SchemaChange(
        code,
        path,
        Fragments.of(consumers ? reader : writer),
        Fragments.of(consumers ? writer : reader),
        !consumers,
        consumers,
        SchemaPairs.subject(path)
            + (consumers
                ? " cannot be read by old readers"
                : " cannot be read by new readers in old rows")
            + (gaps.isEmpty() ? "." : " (" + gaps.get(0).getType() + ")."),
        "Keep the old name, or define a product of another name.");
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
              finding.mend()));
    }
  }

  private static SchemaChange refusal(String path, String what) {
    return new SchemaChange(
        SchemaCode.TYPE_REFUSED, path, null, null, false, false, what, "Give a valid schema.");
  }
}
