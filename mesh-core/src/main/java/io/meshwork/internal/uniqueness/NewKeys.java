package io.meshwork.internal.uniqueness;

import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import java.util.List;
import java.util.Optional;

/**
 * The keys of the rows that a publish is about to commit, for uniqueness rules that can reject the
 * publish and extend beyond it. Not thread-safe.
 */
public interface NewKeys extends AutoCloseable {
  /** The keys of a publish without rows, or without such rules. */
  NewKeys NONE =
      new NewKeys() {
        @Override
        public boolean has(Rule.Scope scope) {
          return false;
        }

        @Override
        public Optional<Finding> among(Rule.Scope scope, ExistingKeys now) {
          return Optional.empty();
        }

        @Override
        public void close() {
          // Nothing to release.
        }
      };

  /**
   * The keys of one rule.
   *
   * @param evaluated number of rows that the rule evaluated
   */
  record OfRule(Rule rule, UniqueKeys keys, long evaluated) {}

  /**
   * Returns the keys of published rows.
   *
   * @param rules the uniqueness rules that extend beyond the publish
   * @param policy what happens to rows that break a rule
   */
  static NewKeys of(List<OfRule> rules, OnViolation policy) {
    return rules.isEmpty() ? NONE : new ActiveKeyRules(rules, policy);
  }

  /** Returns true if there is a rule of this scope. */
  boolean has(Rule.Scope scope);

  /**
   * Returns a finding if existing rows have some of the keys, which rejects the publish.
   *
   * @param scope the scope of the rules to evaluate
   * @param now rows that the rules have not been evaluated on yet
   * @throws io.meshwork.error.BackendException if reading a file of the table or a temporary file
   *     fails
   */
  Optional<Finding> among(Rule.Scope scope, ExistingKeys now);

  /** Deletes temporary files. */
  @Override
  void close();
}
