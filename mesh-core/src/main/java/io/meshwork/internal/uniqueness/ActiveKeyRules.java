package io.meshwork.internal.uniqueness;

import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.rows.RowNumber;
import java.util.List;
import java.util.Optional;

/**
 * The keys of published rows, for the uniqueness rules that extend beyond the publish.
 *
 * @param policy what happens to rows that break a rule
 */
record ActiveKeyRules(List<NewKeys.OfRule> all, OnViolation policy) implements NewKeys {
  ActiveKeyRules {
    all = List.copyOf(all);
  }

  @Override
  public boolean has(Rule.Scope scope) {
    return all.stream().anyMatch(one -> one.rule().scope() == scope);
  }

  @Override
  public Optional<Finding> among(Rule.Scope scope, ExistingKeys now) {
    for (OfRule one : all) {
      if (one.rule().scope() == scope) {
        UniqueKeys.KeyOverlap overlap = one.keys().overlap(now);
        if (overlap.keys() > 0) {
          return Optional.of(finding(one, overlap));
        }
      }
    }
    return Optional.empty();
  }

  private Finding finding(OfRule one, UniqueKeys.KeyOverlap overlap) {
    return new Finding(
        FindingCode.RULE_FAILED,
        Finding.Severity.ERROR,
        one.rule().id(),
        "Rule "
            + one.rule().id()
            + ", "
            + one.rule()
            + ", failed in "
            + overlap.keys()
            + " of "
            + one.evaluated()
            + " rows, first in row "
            + RowNumber.text(overlap.firstRow())
            + ", whose key the product now contains.",
        overlap.keys(),
        List.of(RowNumber.json(overlap.firstRow()).toString()),
        policy == OnViolation.QUARANTINE
            ? "Publish again with the same idempotency key: rows whose key the product contains by then"
                + " are quarantined, and the others are published."
            : "Remove these rows, or publish again, which evaluates them against the current rows of the"
                + " product.");
  }

  @Override
  public void close() {
    all.forEach(one -> one.keys().close());
  }
}
