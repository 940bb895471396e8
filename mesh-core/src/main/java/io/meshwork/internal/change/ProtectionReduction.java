package io.meshwork.internal.change;

import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.schema.SchemaEvolution;
import io.meshwork.product.Classification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How a contract reduces the protection of its data, compared with the current one: lower
 * classifications, also of renamed columns, a dropped four-eyes rule, and purposes that were not
 * allowed. Immutable.
 *
 * @param product the product's classification before and after; empty if it is not lower
 * @param columns the lower classifications of columns before and after, by their new names
 * @param fourEyes true if access requests no longer require two approvals
 * @param purposes the allowed purposes before and after; empty if all of them were allowed
 */
record ProtectionReduction(
    String product, Map<String, String> columns, boolean fourEyes, String purposes) {
  ProtectionReduction {
    columns = new LinkedHashMap<>(columns);
  }

  /**
   * The reductions that the caller accepts.
   *
   * @param retaining true to retain the current protection where it is stronger
   * @param product true to accept lower classifications of the product and all columns
   * @param columns the columns whose classification may be lowered
   * @param fourEyes true to accept that the four-eyes rule is dropped
   * @param purposes true to accept more purposes
   */
  record AcceptedReductions(
      boolean retaining, boolean product, Set<String> columns, boolean fourEyes, boolean purposes) {
    /** Retains the current protection where it is stronger. */
    static final AcceptedReductions RETAINING =
        new AcceptedReductions(true, false, Set.of(), false, false);

    boolean covers(String column) {
      return product || columns.stream().anyMatch(column::equalsIgnoreCase);
    }
  }

  static ProtectionReduction between(Contract current, Contract next) {
    Map<String, String> columns = new TreeMap<>();
    SchemaEvolution.sources(current.schema(), next.schema())
        .forEach(
            (name, old) -> {
              Classification before = current.classificationOf(old);
              Classification after = next.classificationOf(name);
              if (after.compareTo(before) < 0) {
                columns.put(name, from(before, after));
              }
            });
    boolean lower = next.classification().compareTo(current.classification()) < 0;
    return new ProtectionReduction(
        lower ? from(current.classification(), next.classification()) : "",
        columns,
        current.requiresFourEyes() && !next.requiresFourEyes(),
        next.allowsMorePurposesThan(current)
            ? "from " + purposes(current) + " to " + purposes(next)
            : "");
  }

  private static String purposes(Contract contract) {
    return contract.purposes().isEmpty() ? "any" : String.join(", ", contract.purposes());
  }

  private static String from(Classification before, Classification after) {
    return "from " + before + " to " + after;
  }

  /** The next contract with the current protection where it is stronger. */
  static Contract withRetained(Contract current, Contract next) {
    Contract retained = next;
    if (next.classification().compareTo(current.classification()) < 0) {
      retained = retained.classification(current.classification());
    }
    for (Map.Entry<String, String> column :
        SchemaEvolution.sources(current.schema(), next.schema()).entrySet()) {
      Classification before = current.classificationOf(column.getValue());
      if (retained.classificationOf(column.getKey()).compareTo(before) < 0) {
        retained = retained.classification(before, column.getKey());
      }
    }
    if (next.allowsMorePurposesThan(current)) {
      retained = retained.purposes(current.purposes().toArray(new String[0]));
    }
    return current.requiresFourEyes() ? retained.requireFourEyes() : retained;
  }

  boolean isNone() {
    return product.isEmpty() && columns.isEmpty() && !fourEyes && purposes.isEmpty();
  }

  /** The reductions as a clause. */
  String text() {
    List<String> parts = new ArrayList<>();
    if (!product.isEmpty()) {
      parts.add("the classification of the product " + product);
    }
    columns.forEach((column, change) -> parts.add("that of " + column + " " + change));
    if (fourEyes) {
      parts.add("no four-eyes rule");
    }
    if (!purposes.isEmpty()) {
      parts.add("the allowed purposes " + purposes);
    }
    return String.join(", ", parts);
  }

  /** The reductions that the caller did not accept. */
  List<Finding> unaccepted(AcceptedReductions accepted, String where) {
    List<Finding> findings = new ArrayList<>();
    if (!product.isEmpty() && !accepted.product()) {
      findings.add(declassifies(where, "The classification of the product", product, ""));
    }
    columns.forEach(
        (column, change) -> {
          boolean withProduct = change.equals(product);
          if (!accepted.covers(column) && !withProduct) {
            findings.add(declassifies(column, "The classification of " + column, change, column));
          }
        });
    if (fourEyes && !accepted.fourEyes()) {
      findings.add(
          Finding.error(
              FindingCode.FOUR_EYES_DROP_UNCONFIRMED,
              where,
              "Requests require two approvals, and would require one.",
              "Keep requireFourEyes(), or call waiveFourEyes().because(..); another decider of the"
                  + " domain must commit the same contract."));
    }
    if (!purposes.isEmpty() && !accepted.purposes()) {
      findings.add(
          Finding.error(
              FindingCode.PURPOSES_WIDENING_UNCONFIRMED,
              where,
              "The allowed purposes would be wider " + purposes + ".",
              "Keep them, or call widenPurposes().because(..); another decider of the domain"
                  + " must commit the same contract."));
    }
    return findings;
  }

  private static Finding declassifies(String where, String what, String change, String column) {
    return Finding.error(
        FindingCode.DECLASSIFICATION_UNCONFIRMED,
        where,
        what + " would be lowered " + change + ".",
        "Keep it, or call declassify("
            + (column.isEmpty() ? "" : '"' + column + '"')
            + ").because(..); another decider of the domain must commit the same contract.");
  }

  /** The protection that is retained although the next contract reduces it. */
  static List<Finding> retained(Contract current, Contract next, String where) {
    ProtectionReduction reduction = between(current, next);
    return reduction.isNone()
        ? List.of()
        : List.of(
            new Finding(
                FindingCode.PROTECTION_RETAINED,
                Finding.Severity.WARNING,
                where,
                "The contract would reduce protection ("
                    + reduction.text()
                    + "); the current protection is retained.",
                0,
                List.of(),
                "Declare the current protection in the contract, or lower it with"
                    + " amendContract(..) and declassify(..)."));
  }
}
