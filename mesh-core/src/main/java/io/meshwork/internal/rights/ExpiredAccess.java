package io.meshwork.internal.rights;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds when access expired. */
final class ExpiredAccess {
  /** The maximum number of ends to evaluate, because a denied caller waits for the result. */
  private static final int MAX_ENDS = 10;

  private ExpiredAccess() {}

  /** Returns the last instant until which expired grants let a grantee read a product. */
  static Optional<Instant> at(
      PolicySnapshot snapshot, ProductName product, Grantee grantee, Instant now) {
    List<Instant> ends =
        snapshot.grants().stream()
            .flatMap(grant -> grant.until().stream())
            .filter(end -> !now.isBefore(end))
            .distinct()
            .sorted(Comparator.reverseOrder())
            .limit(MAX_ENDS)
            .toList();
    if (ends.isEmpty()) {
      return Optional.empty();
    }
    AccessEvaluator evaluator = snapshot.evaluator(grantee.account().stream().toList());
    return ends.stream()
        .filter(end -> isLast(evaluator, snapshot, product, grantee, end))
        .findFirst();
  }

  private static boolean isLast(
      AccessEvaluator evaluator,
      PolicySnapshot snapshot,
      ProductName product,
      Grantee grantee,
      Instant end) {
    return evaluator
        .decide(
            AccessQuestion.of(
                grantee, Permission.SELECT, snapshot.resource(product), end.minusNanos(1)))
        .allowed();
  }
}
