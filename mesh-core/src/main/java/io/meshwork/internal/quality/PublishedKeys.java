package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import java.util.Optional;

/**
 * The keys of the rows that a publish is about to commit, for rules on uniqueness that refuse a
 * publish and look beyond it. One thread.
 */
public interface PublishedKeys extends AutoCloseable {
  /** Those of a publish without rows, or without such rules. */
  PublishedKeys NONE =
      new PublishedKeys() {
        @Override
        public boolean has(Rule.Scope scope) {
          return false;
        }

        @Override
        public Optional<Finding> among(Rule.Scope scope, StandingKeys now) {
          return Optional.empty();
        }

        @Override
        public void close() {
          // Nothing is kept.
        }
      };

  /** True if there is a rule of this scope. */
  boolean has(Rule.Scope scope);

  /**
   * What refuses the publish, since rows that stand beside it have some of its keys.
   *
   * @param scope of the rules that are asked
   * @param now rows that the rules were not asked about yet
   * @throws io.meshwork.error.BackendException if a file of the table or a temporary one fails
   */
  Optional<Finding> among(Rule.Scope scope, StandingKeys now);

  /** Deletes temporary files. */
  @Override
  void close();
}
