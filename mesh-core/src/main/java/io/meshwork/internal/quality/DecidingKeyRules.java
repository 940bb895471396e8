package io.meshwork.internal.quality;

import io.meshwork.internal.uniqueness.AssignedKeys;
import io.meshwork.internal.uniqueness.AssignedKeys.KeyState;
import io.meshwork.internal.uniqueness.UniqueKeys;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The uniqueness rules of a publish that decide on the destination of rows, one row after the
 * other. Not thread-safe.
 */
final class DecidingKeyRules {
  private final RowFilters filters;
  private final List<DecidingRule> rules = new ArrayList<>();

  DecidingKeyRules(RowFilters filters) {
    this.filters = filters;
  }

  private record DecidingRule(RuleCount ruleCount, AssignedKeys keys) {}

  void add(RuleCount ruleCount, AssignedKeys keys) {
    rules.add(new DecidingRule(ruleCount, keys));
  }

  /** Starts a batch, for which the filters are set. */
  void begin(VectorBatch batch) {
    for (DecidingRule rule : rules) {
      rule.ruleCount.failing().clear();
      rule.keys.begin(batch);
    }
  }

  /** Looks up the keys of a row in the rules that apply to it. */
  void lookUp(int row, long rowNumber) {
    for (DecidingRule rule : rules) {
      if (applies(rule, row)) {
        rule.keys.lookUp(row, rowNumber);
      } else {
        rule.keys.withoutRow();
      }
    }
  }

  private boolean applies(DecidingRule rule, int row) {
    RowMask applicable = filters.of(rule.ruleCount.rule());
    return applicable == null || applicable.get(row);
  }

  /** Returns true if a key of the row that was looked up has this state. */
  boolean has(KeyState state) {
    for (DecidingRule rule : rules) {
      if (rule.keys.stateOfKey() == state) {
        return true;
      }
    }
    return false;
  }

  /** Adds to the number of evaluated rows of the rules that apply to a row; may be negative. */
  void evaluatedRows(int row, long rows) {
    for (DecidingRule rule : rules) {
      if (applies(rule, row)) {
        rule.ruleCount.evaluatedRows(rows);
      }
    }
  }

  /** Counts the row that was looked up in the rules whose key is taken. */
  void countTaken(VectorBatch batch, int row, long rowNumber) {
    for (DecidingRule rule : rules) {
      if (rule.keys.stateOfKey() == KeyState.TAKEN) {
        rule.ruleCount.add(batch, row, rowNumber, rule.keys.earlierRow());
      }
    }
  }

  /** Assigns the keys of the row that was looked up to it, because it is published. */
  void assign() {
    for (DecidingRule rule : rules) {
      rule.keys.assign();
    }
  }

  /**
   * Assigns the keys of the row that was looked up to it until its outcome is known, unless a
   * published row has one of them. Keys that are looked up at the end are recorded in any case.
   *
   * @param tolerated true if the row breaks a rule that tolerates some rows
   * @param lost true if a published row has one of the keys, maybe in another major version
   */
  void hold(VectorBatch batch, boolean tolerated, boolean lost) {
    for (DecidingRule rule : rules) {
      rule.keys.assignTemporarily(batch, tolerated, lost);
    }
  }

  /** Releases the keys of the held row that was looked up, because it is not published. */
  void release() {
    rules.forEach(rule -> rule.keys.release());
  }

  /** Determines after the end of the input which keys are taken. */
  void settle() {
    rules.forEach(rule -> rule.keys.settle(rule.ruleCount::addUnavailable));
  }

  void forEach(BiConsumer<RuleCount, UniqueKeys> action) {
    rules.forEach(rule -> action.accept(rule.ruleCount, rule.keys));
  }
}
