package io.meshwork.contract;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.compatibility.SchemaComparison;
import io.meshwork.product.ContractVersion.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What changes from one contract to another, and what that means for the version. Independent of a
 * compatibility mode. {@link #toString()} is a changelog. Immutable.
 *
 * @param verdict the worst verdict of all changes
 * @param reasonCode the code of the change that decides the verdict; {@code IDENTICAL} without
 *     changes
 * @param forward true if readers with the old schema can resolve new rows, by the Avro
 *     specification
 * @param backward true if readers with the new schema can resolve old rows, by the Avro
 *     specification
 * @param changes all changes, worst first
 */
public record ContractDifference(
    Verdict verdict,
    FindingCode reasonCode,
    boolean forward,
    boolean backward,
    List<Change> changes) {
  /** One change. Immutable. */
  public interface Change {
    /** Returns the kind of change, such as {@code CONSUMER_BREAK} or {@code RULE_WEAKENED}. */
    FindingCode code();

    /** Returns the column, the rule's ID, or the term's name; empty for the top-level record. */
    String path();

    /**
     * Returns the columns that it is about, as paths by their old names: the column itself, or the
     * columns that a rule names. Empty if it is about the whole contract, or about rows.
     */
    List<String> columns();

    /** Returns the old fragment as text; null if there was none. */
    @Nullable String before();

    /** Returns the new fragment as text; null if there is none. */
    @Nullable String after();

    /** Returns what this change alone requires. */
    Verdict verdict();

    /** Returns true if consumers of the old contract read new rows correctly. */
    boolean oldReadersReadNewRows();

    /** Returns true if consumers of the new contract read old rows correctly. */
    boolean newReadersReadOldRows();

    /**
     * Returns true if the change only affects readers that resolve types by their names, as Avro's
     * decoders do. Reads of a product do not compare names of types.
     */
    boolean concernsTypeNames();

    /** Returns a sentence about the change; of a rule or a term, with what it was and is. */
    String what();

    /** Returns the same sentence; of a column, with what it was and is, too. Long parts are cut. */
    String whatWithValues();

    /** Returns what to do instead; empty if nothing. */
    String fix();
  }

  public ContractDifference {
    changes = List.copyOf(changes);
  }

  /**
   * Compares the columns of two Avro schemas, which need not be valid for a contract. An invalid
   * schema gives {@link Verdict#REFUSED}.
   *
   * @param avroBefore the old schema as JSON text
   * @param avroAfter the new schema as JSON text
   */
  public static ContractDifference between(String avroBefore, String avroAfter) {
    return of(SchemaComparison.of(avroBefore, avroAfter), List.of());
  }

  /**
   * Compares the columns of two contracts, by the schemas.
   *
   * @param before the schema of the old contract
   * @param after the schema of the new contract
   */
  public static ContractDifference between(Schema before, Schema after) {
    return of(SchemaComparison.ofLegal(before, after), List.of());
  }

  /** Compares two contracts of one major version. */
  static ContractDifference between(Contract before, Contract after) {
    return between(
        before, after, Map.of(), SchemaComparison.ofLegal(before.schema(), after.schema()), false);
  }

  /**
   * Compares a contract with the contract of a new major version, in which columns can have other
   * names. Readers of an old name still break; each change has the old path, and states the new
   * one. No change advises to roll out a new major version.
   *
   * @param before the old contract
   * @param after the contract of the new major version
   * @param renamings the new paths of columns by the old paths, such as {@code lines[].quantity} by
   *     {@code lines[].qty}
   */
  public static ContractDifference ofNewMajor(
      Contract before, Contract after, Map<String, String> renamings) {
    return between(
        before,
        after,
        renamings,
        SchemaComparison.ofNewMajor(before.schema(), after.schema(), renamings),
        true);
  }

  private static ContractDifference between(
      Contract before,
      Contract after,
      Map<String, String> renamings,
      SchemaComparison columns,
      boolean newMajor) {
    List<Change> others =
        new ArrayList<>(
            RuleChanges.between(
                before.enforcedRules(), after.enforcedRules(), renamings, newMajor));
    others.addAll(TermChanges.between(before, after, renamings));
    if (others.isEmpty() && columns.changes().isEmpty() && !before.equals(after)) {
      others.add(TermChanges.unspecified());
    }
    return of(columns, others);
  }

  /**
   * Compares the columns of two contracts as {@link #ofNewMajor(Contract, Contract, Map)} does.
   *
   * @param before the schema of the old contract
   * @param after the schema of the contract of the new major version
   * @param renamings as there
   */
  public static ContractDifference ofNewMajor(
      Schema before, Schema after, Map<String, String> renamings) {
    return of(SchemaComparison.ofNewMajor(before, after, renamings), List.of());
  }

  private static ContractDifference of(SchemaComparison columns, List<Change> others) {
    List<Change> all = new ArrayList<>();
    columns.changes().forEach(change -> all.add(ContractChange.of(change)));
    all.addAll(others);
    // The sort is stable: columns come first among equals, in the order of their codes.
    all.sort((left, right) -> right.verdict().compareTo(left.verdict()));
    return new ContractDifference(
        all.isEmpty() ? Verdict.NONE : all.get(0).verdict(),
        all.isEmpty() ? FindingCode.IDENTICAL : all.get(0).code(),
        columns.forward(),
        columns.backward(),
        all);
  }

  /** Returns true if nothing changes. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** Returns a changelog: a summary, then one line for each change, worst first. */
  @Override
  public String toString() {
    if (isEmpty()) {
      return "none: the contracts are equal. (" + FindingCode.IDENTICAL + ")";
    }
    StringBuilder text = new StringBuilder();
    text.append(verdict)
        .append(" (")
        .append(reasonCode)
        .append("): old readers can read new rows: ");
    text.append(yesOrNo(changes.stream().allMatch(Change::oldReadersReadNewRows)));
    text.append("; new readers can read old rows: ");
    text.append(yesOrNo(changes.stream().allMatch(Change::newReadersReadOldRows)));
    changes.forEach(change -> text.append("\n- ").append(change));
    return text.toString();
  }

  private static String yesOrNo(boolean condition) {
    return condition ? "yes" : "no";
  }
}
