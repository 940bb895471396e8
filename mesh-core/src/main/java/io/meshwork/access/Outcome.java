package io.meshwork.access;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What was found on the way to a decision on one resource. Collected, then read. */
final class Outcome {
  private final Set<String> matched = new TreeSet<>();
  private final Map<HeldGrant, BitSet> grants = new LinkedHashMap<>();
  private final Set<String> missing = new TreeSet<>();
  private final List<Pair> pairs = new ArrayList<>(4);
  private boolean allowed;

  /** Refused for some reasons. */
  static Outcome denied(Set<String> codes) {
    Outcome outcome = new Outcome();
    codes.forEach(outcome::miss);
    return outcome;
  }

  /** Something allows it; on a table also with what may be seen. */
  void allow(String implicit) {
    matched.add("implicit:" + implicit);
    allowed = true;
  }

  void allow(HeldGrant grant) {
    allow(grant, new BitSet());
  }

  /**
   * A grant allows it.
   *
   * @param columns that it gives, by place; not to be changed
   */
  void allow(HeldGrant grant, BitSet columns) {
    matched.add(grant.id());
    grants.merge(grant, columns, Outcome::either);
    allowed = true;
  }

  private static BitSet either(BitSet one, BitSet other) {
    if (one.equals(other)) {
      return one;
    }
    BitSet all = (BitSet) one.clone();
    all.or(other);
    return all;
  }

  void add(Pair pair) {
    pairs.add(pair);
  }

  void miss(String code) {
    missing.add(code);
  }

  /** Counts what led to the resource, such as a grant on a link. */
  void join(Outcome way) {
    matched.addAll(way.matched);
    way.grants.forEach((grant, columns) -> grants.merge(grant, columns, Outcome::either));
  }

  boolean allowed() {
    return allowed;
  }

  boolean misses(String code) {
    return missing.contains(code);
  }

  Set<String> matched() {
    return matched;
  }

  /** The grants among what matched, each with the columns that it gives, by place. */
  Map<HeldGrant, BitSet> grants() {
    return grants;
  }

  /** The codes, of which there is at least one where nothing allows it. */
  List<String> missing() {
    return missing.isEmpty() ? List.of("NO_GRANT") : List.copyOf(missing);
  }

  List<Pair> pairs() {
    return pairs;
  }
}
