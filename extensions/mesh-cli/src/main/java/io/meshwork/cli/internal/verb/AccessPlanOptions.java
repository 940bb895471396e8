package io.meshwork.cli.internal.verb;

import io.meshwork.access.AccessPlan;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.operation.PlannedOperation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of changes of rights: the options of plans, and {@code --what-if}. */
public final class AccessPlanOptions extends PlanOptions {
  @Option(
      names = "--what-if",
      paramLabel = "ACCOUNT/ROLE=PRODUCT",
      description = "Changes nothing; explains what this role could read of the product then")
  private @Nullable String whatIf;

  @Override
  Optional<VerbAnswer> answerInstead(PlannedOperation<?, ?> operation) {
    if (whatIf == null) {
      return Optional.empty();
    }
    int end = whatIf.indexOf('=');
    if (isUsed() || end < 0) {
      throw new UsageException(
          "Option --what-if is ACCOUNT/ROLE=PRODUCT, such as finance/analyst=commerce/orders, and"
              + " excludes --plan and --planned.");
    }
    AccessPlan<?> plan = (AccessPlan<?>) operation.plan();
    return Optional.of(
        AccessAnswer.of(
            plan.explain(MeshVerb.principal(whatIf.substring(0, end)), whatIf.substring(end + 1))));
  }
}
