package io.meshwork.internal.rights;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessEvaluator;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds when access expired. */
final class ExpiredAccess {
  /** The number of ends to evaluate at most: a denied caller waits for the answer. */
  private static final int MOST_ENDS = 10;

  private ExpiredAccess() {}

  /** The last instant until which expired grants let somebody read some of a product. */
  static Optional<Instant> at(PolicySnapshot world, ProductName product, Grantee who, Instant now) {
    List<Instant> ends =
        world.grants().stream()
            .flatMap(grant -> grant.until().stream())
            .filter(end -> !now.isBefore(end))
            .distinct()
            .sorted(Comparator.reverseOrder())
            .limit(MOST_ENDS)
            .toList();
    if (ends.isEmpty()) {
      return Optional.empty();
    }
    AccessEvaluator evaluator = world.evaluator(who.account().stream().toList());
    return ends.stream().filter(end -> isLast(evaluator, world, product, who, end)).findFirst();
  }

  private static boolean isLast(
      AccessEvaluator evaluator,
      PolicySnapshot world,
      ProductName product,
      Grantee who,
      Instant end) {
    return evaluator
        .decide(
            AccessQuestion.of(who, Permission.SELECT, world.resource(product), end.minusNanos(1)))
        .allowed();
  }
}
