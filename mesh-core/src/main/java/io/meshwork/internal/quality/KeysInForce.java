package io.meshwork.internal.quality;

import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import java.util.List;
import java.util.Optional;

/**
 * Keys of published rows by the rules that look beyond the publish.
 *
 * @param policy what becomes of bad rows
 */
record KeysInForce(List<Keys> all, OnViolation policy) implements PublishedKeys {
  /**
   * The keys of one rule.
   *
   * @param judged how many rows it looked at
   */
  record Keys(Rule rule, UniqueKeys keys, long judged) {}

  KeysInForce {
    all = List.copyOf(all);
  }

  @Override
  public boolean has(Rule.Scope scope) {
    return all.stream().anyMatch(one -> one.rule.scope() == scope);
  }

  @Override
  public Optional<Finding> among(Rule.Scope scope, StandingKeys now) {
    for (Keys one : all) {
      if (one.rule.scope() == scope) {
        UniqueKeys.Meeting meeting = one.keys.meeting(now);
        if (meeting.keys() > 0) {
          return Optional.of(finding(one, meeting));
        }
      }
    }
    return Optional.empty();
  }

  private Finding finding(Keys one, UniqueKeys.Meeting meeting) {
    return new Finding(
        "RULE_FAILED",
        Finding.Severity.ERROR,
        one.rule.id(),
        "Rule "
            + one.rule.id()
            + ", "
            + one.rule
            + ", failed in "
            + meeting.keys()
            + " of "
            + one.judged
            + " rows, first in row "
            + (meeting.firstRow() + 1)
            + ", whose key is in the product by now.",
        meeting.keys(),
        List.of(RowSamples.json(meeting.firstRow())),
        policy == OnViolation.QUARANTINE
            ? "Run it again with the same key: rows whose key the product holds by then are set"
                + " aside, and the others are published."
            : "Leave these rows out, or run it again, which judges them beside what the product"
                + " holds now.");
  }

  @Override
  public void close() {
    all.forEach(one -> one.keys.close());
  }
}
