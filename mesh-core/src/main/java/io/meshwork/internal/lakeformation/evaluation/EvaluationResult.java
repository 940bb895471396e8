package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.internal.lakeformation.evaluation.AccessDecision.Denial;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.lakeformation.index.DataScope;
import io.meshwork.internal.lakeformation.index.IndexedGrant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The findings of an evaluation of one resource. Mutable until it is complete. */
final class EvaluationResult {
  private final Set<String> matched = new TreeSet<>();
  private final Map<IndexedGrant, BitSet> grants = new LinkedHashMap<>();
  private final Set<Denial> missing = new TreeSet<>();
  private final List<DataScope> scopes = new ArrayList<>(4);
  private boolean allowed;

  /** Denied for these reasons. */
  static EvaluationResult denied(Set<Denial> reasons) {
    EvaluationResult result = new EvaluationResult();
    result.missing.addAll(reasons);
    return result;
  }

  /** Allows by an implicit permission. */
  void allow(String implicit) {
    matched.add("implicit:" + implicit);
    allowed = true;
  }

  void allow(IndexedGrant grant) {
    allow(grant, new BitSet());
  }

  /**
   * Allows by a grant.
   *
   * @param columns the columns that it grants, by position; not to be modified
   */
  void allow(IndexedGrant grant, BitSet columns) {
    matched.add(grant.id());
    grants.merge(grant, columns, EvaluationResult::union);
    allowed = true;
  }

  private static BitSet union(BitSet one, BitSet other) {
    if (one.equals(other)) {
      return one;
    }
    BitSet all = (BitSet) one.clone();
    all.or(other);
    return all;
  }

  void add(DataScope scope) {
    scopes.add(scope);
  }

  void miss(DenialCode code) {
    missing.add(Denial.of(code));
  }

  /** Adds the grants that allowed an earlier step, such as grants on a link. */
  void join(EvaluationResult linkResult) {
    matched.addAll(linkResult.matched);
    linkResult.grants.forEach(
        (grant, columns) -> grants.merge(grant, columns, EvaluationResult::union));
  }

  boolean allowed() {
    return allowed;
  }

  boolean misses(DenialCode code) {
    return missing.contains(Denial.of(code));
  }

  Set<String> matched() {
    return matched;
  }

  /** The matched grants, each with the columns that it grants, by position. */
  Map<IndexedGrant, BitSet> grants() {
    return grants;
  }

  /** What is missing; at least one code if denied. */
  List<Denial> missing() {
    return missing.isEmpty() ? List.of(Denial.of(DenialCode.NO_GRANT)) : List.copyOf(missing);
  }

  List<DataScope> scopes() {
    return scopes;
  }
}
