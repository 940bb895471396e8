package io.meshwork.internal.rights;

import io.meshwork.access.AccessEvaluator;
import io.meshwork.access.AccessQuestion;
import io.meshwork.access.Grantee;
import io.meshwork.access.Permission;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** When access ended that nobody took back. */
public final class Ended {
  /** More ends than these are not looked at: whoever is refused waits for the answer. */
  private static final int MOST_ENDS = 10;

  private Ended() {}

  /** The last instant until which grants that are over now let somebody read some of a product. */
  public static Optional<Instant> at(
      RightsWorld world, ProductName product, Grantee who, Instant now) {
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
      AccessEvaluator evaluator, RightsWorld world, ProductName product, Grantee who, Instant end) {
    return evaluator
        .decide(
            AccessQuestion.of(who, Permission.SELECT, world.resource(product), end.minusNanos(1)))
        .allowed();
  }
}
