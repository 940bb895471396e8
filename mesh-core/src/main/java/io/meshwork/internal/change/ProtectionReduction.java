package io.meshwork.internal.change;

import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.internal.schema.SchemaEvolution;
import io.meshwork.product.Classification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How much less a contract protects its data than the one in force: classifications that it lowers,
 * of columns that may have another name by now, and four eyes that it drops. Immutable.
 *
 * @param product the product's own classification before and after; empty if it is not lower
 * @param columns the classifications of columns before and after, by their new names
 * @param fourEyes true if requests take two approvals now and one then
 */
record ProtectionReduction(String product, Map<String, String> columns, boolean fourEyes) {
  ProtectionReduction {
    columns = new LinkedHashMap<>(columns);
  }

  /**
   * What somebody said that he means to give up.
   *
   * @param keeping true if nothing is given up: what is in force stays where it is stronger
   * @param product true if all of the product is meant
   * @param columns the columns that are meant
   * @param fourEyes true if that is meant
   */
  record Said(boolean keeping, boolean product, Set<String> columns, boolean fourEyes) {
    /** What is stronger in force stays. */
    static final Said KEEPING = new Said(true, false, Set.of(), false);

    boolean covers(String column) {
      return product || columns.stream().anyMatch(column::equalsIgnoreCase);
    }
  }

  static ProtectionReduction between(Contract inForce, Contract next) {
    Map<String, String> columns = new TreeMap<>();
    SchemaEvolution.sources(inForce.schema(), next.schema())
        .forEach(
            (name, old) -> {
              Classification before = inForce.classificationOf(old);
              Classification after = next.classificationOf(name);
              if (after.compareTo(before) < 0) {
                columns.put(name, from(before, after));
              }
            });
    boolean lower = next.classification().compareTo(inForce.classification()) < 0;
    return new ProtectionReduction(
        lower ? from(inForce.classification(), next.classification()) : "",
        columns,
        inForce.needsFourEyes() && !next.needsFourEyes());
  }

  private static String from(Classification before, Classification after) {
    return "from " + before + " to " + after;
  }

  /** The contract with whatever protects more in the one in force. */
  static Contract kept(Contract inForce, Contract given) {
    Contract kept = given;
    if (given.classification().compareTo(inForce.classification()) < 0) {
      kept = kept.classified(inForce.classification());
    }
    for (Map.Entry<String, String> column :
        SchemaEvolution.sources(inForce.schema(), given.schema()).entrySet()) {
      Classification before = inForce.classificationOf(column.getValue());
      if (kept.classificationOf(column.getKey()).compareTo(before) < 0) {
        kept = kept.classified(before, column.getKey());
      }
    }
    return inForce.needsFourEyes() ? kept.fourEyes() : kept;
  }

  boolean isNone() {
    return product.isEmpty() && columns.isEmpty() && !fourEyes;
  }

  /** In half a sentence. */
  String words() {
    List<String> parts = new ArrayList<>();
    if (!product.isEmpty()) {
      parts.add("the classification of the product " + product);
    }
    columns.forEach((column, how) -> parts.add("that of " + column + " " + how));
    if (fourEyes) {
      parts.add("no four eyes any more");
    }
    return String.join(", ", parts);
  }

  /** What is less and was not said. */
  List<Finding> unsaid(Said said, String where) {
    List<Finding> findings = new ArrayList<>();
    if (!product.isEmpty() && !said.product()) {
      findings.add(declassifies(where, "The classification of the product", product, ""));
    }
    columns.forEach(
        (column, how) -> {
          boolean withProduct = how.equals(product);
          if (!said.covers(column) && !withProduct) {
            findings.add(declassifies(column, "The classification of " + column, how, column));
          }
        });
    if (fourEyes && !said.fourEyes()) {
      findings.add(
          Finding.error(
              "DROPS_FOUR_EYES",
              where,
              "Requests take two approvals, and would take one.",
              "Keep fourEyes(), or say droppingFourEyes().because(..); another decider of the"
                  + " domain has to say the same."));
    }
    return findings;
  }

  private static Finding declassifies(String where, String what, String how, String column) {
    return Finding.error(
        "DECLASSIFIES",
        where,
        what + " would go " + how + ".",
        "Keep it, or say declassifying("
            + (column.isEmpty() ? "" : '"' + column + '"')
            + ").because(..); another decider of the domain has to say the same.");
  }

  /** What was kept though it was not said. */
  static List<Finding> findings(Contract inForce, Contract given, String where) {
    ProtectionReduction kept = between(inForce, given);
    return kept.isNone()
        ? List.of()
        : List.of(
            new Finding(
                "KEPT_PROTECTION",
                Finding.Severity.WARNING,
                where,
                "The contract that is said would protect less ("
                    + kept.words()
                    + "); what is in force is kept.",
                0,
                List.of(),
                "Say it in the contract as it is in force, or lower it with amendContract(..) and"
                    + " declassifying(..)."));
  }
}
